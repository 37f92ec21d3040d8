"""What the bulletin says, and what it must never say."""

import dataclasses
from pathlib import Path

import pytest

from documents.coast import Coast
from documents.cover import Observed
from documents.site import Site
from service.papers.bulletin import bulletin, conclusions
from tests.service.handmade import make_day, make_patch, make_patches, make_scene, write_observed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_observed(tmp_path, make_scene())
    return tmp_path


def test_a_day_with_algae(site: Site, coast: Coast, folder: Path) -> None:
    text = bulletin(make_day(site, coast), folder)
    assert text.index("仅观测到 40%") < text.index("发现漂浮藻类 3 处（浒苔 1 处、种类未定 2 处）")
    assert "成像时间：2026年6月18日 10:35（北京时间）" in text
    assert "分布面积 12.50 km²，覆盖面积 0.060 km²" in text
    assert "50–101–202 t" in text.replace(",", "")
    assert "Ⅲ级（较大），黄色预警" in text
    assert all(f"（{hours} h）" in text for hours in (24, 48, 72))
    assert "6月19日10时35分" in text
    assert "离岸 150 m 以内的水面因此不作判断" in text
    assert "出动 1 艘（共 3 艘），计划采收 42.0 t" in text
    assert "避免损失 50,400 元，销售 24,000 元，期末库存 8,000 元" in text
    assert "与规划模型的上界相差 16.7%" in text
    assert "编制：" in text
    assert "审核：" in text
    assert "签发：" in text


def test_where_protection_comes_first_it_says_so(site: Site, coast: Coast, folder: Path) -> None:
    day = make_day(site, coast)
    assert "保护优先" not in bulletin(day, folder)
    first = dataclasses.replace(day, problem=day.problem.model_copy(update={"protect_first": True}))
    assert "保护优先：避免损失全计，其余收支只计 1%，本计划按此为 " in bulletin(first, folder)


def test_what_becomes_of_the_catch(site: Site, coast: Coast, folder: Path) -> None:
    text = bulletin(make_day(site, coast), folder)
    assert "平台：乳清平台一号（示例） 06-19 泊于银滩外、06-20 在港。" in text
    assert "卸载：乳清平台一号 30.0 t、南夼码头 12.0 t（首批 06-19 07:15）" in text
    assert "去向：压榨 36.0 t、好氧发酵 4.0 t、期末留存 1.0 t、处置 1.0 t。" in text  # 42 t in all
    assert "另有外部来料：牡蛎壳 4.0 t。" in text
    assert "压榨饼 10.9–14.4–16.4 t（其中 10.4 t 继续加工）" in text
    assert "得率为示例：压榨、烘干制粉、好氧发酵。" in text
    assert "计划销售：浒苔粉 3.0 t。" in text
    assert "运输：驳船 1 趟 12.0 t、南夼货车队 4 趟 23.0 t。" in text


def test_energy_is_told_only_where_it_was_measured(site: Site, coast: Coast, folder: Path) -> None:
    day = make_day(site, coast)
    # 30 t at 12 kWh and 6 t at 15 kWh.
    assert "加工能耗（示例）：压榨 450 kWh；烘干制粉、好氧发酵、船舶与运输：未计" in bulletin(day, folder)
    places = tuple(
        place.model_copy(
            update={"tasks": tuple(task.model_copy(update={"energy_kwh_per_t": None}) for task in place.tasks)}
        )
        if place.id != "ruqing-1"
        else place
        for place in day.problem.places
    )
    partly = dataclasses.replace(day, problem=day.problem.model_copy(update={"places": places}))
    assert "压榨 360 kWh；部分压榨、烘干制粉、好氧发酵、船舶与运输：未计" in bulletin(partly, folder)


def test_removed_figures_follow_the_planned_tonnes(site: Site, coast: Coast, folder: Path) -> None:
    text = bulletin(make_day(site, coast), folder)
    assert "碳 1.77 t（886 kg–3.54 t）" in text  # 42 t × 42.2 kg/t; the patches' low is half, their high twice
    assert "氮 76.4 kg（38.2 kg–153 kg）" in text
    assert "移出" in text
    assert not any(word in text for word in ("碳汇", "碳信用", "固碳", "减排量"))


def test_what_nobody_measured_has_no_figure(site: Site, coast: Coast, folder: Path) -> None:
    text = bulletin(make_day(site, coast), folder)
    assert "当日清理量：无（未报送）；累计清理量：无（未报送）。与上期比较：未计。" in text
    assert "船舶与运输：未计" in text
    assert "避免的 CH₄、N₂O、H₂S：未计" in text


def test_nothing_observed_is_no_valid_data(site: Site, coast: Coast, tmp_path: Path) -> None:
    write_observed(tmp_path, make_scene(), Observed.CLOUD)
    text = bulletin(make_day(site, coast, make_patches((), observed=0.0, clear=0.0)), tmp_path)
    assert "无有效数据" in text
    assert "未发现浒苔" not in text
    assert "未定级" in text
    assert "云 100%" in text


def test_own_waters_all_hidden_is_no_valid_data_there(site: Site, coast: Coast, folder: Path) -> None:
    day = make_day(site, coast, make_patches((), observed=0.0, clear=0.3))
    text = bulletin(day, folder)
    assert "乳山管辖水域全部未能观测，不能据此判断有无浒苔" in text
    assert "未发现浒苔" not in text


def test_clear_water_without_algae_says_so_with_its_share(site: Site, coast: Coast, folder: Path) -> None:
    text = bulletin(make_day(site, coast, make_patches((), observed=0.97, clear=0.97)), folder)
    assert "已观测到的乳山管辖水域（97%）内未发现浒苔" in text
    assert "未达预警级别" in text
    assert "注意：" not in text
    assert "在港待命" in text


def test_an_image_of_elsewhere_says_nothing_of_own_waters(site: Site, coast: Coast, folder: Path) -> None:
    far = tuple(make_patch(f"p-0000000{n}", (-87.5 + n / 100, 16.2), 20.0, own=False) for n in range(3))
    text = bulletin(make_day(site, coast, make_patches(far, observed=None)), folder)
    assert "未覆盖乳山管辖水域" in text
    assert "影像全幅已观测海面内发现漂浮藻类 3 处" in text
    assert "未定级" in text
    assert "影像远离本站" in text
    assert "计划采收量为 0，未计" in text


def test_an_older_image_is_not_taken_for_the_day(site: Site, coast: Coast) -> None:
    day = make_day(site, coast)
    later = dataclasses.replace(day, day=day.day.replace(day=20))
    assert conclusions(later)[0] == "影像成像于2026年6月18日，早于业务日 2 天，不是当日影像。"


def test_a_refused_plan_is_not_printed(site: Site, coast: Coast, folder: Path) -> None:
    day = dataclasses.replace(make_day(site, coast), plan=None, violations=("too-fast voyages[0]: lu-04 sails 20 kn.",))
    text = bulletin(day, folder)
    assert "没有通过独立校核的计划，未发布航线" in text
    assert "too-fast" in text
    assert "计划采收 42" not in text


def test_a_simulated_image_is_named_first(site: Site, coast: Coast, folder: Path) -> None:
    text = bulletin(make_day(site, coast, simulated=True), folder)
    assert "并非真实观测" in text.split("## ")[0]
    assert "Copernicus" not in text
    assert "含改编的 Copernicus Sentinel 数据" in bulletin(make_day(site, coast), folder)


def test_bands_that_the_image_lacked_are_told(site: Site, coast: Coast, folder: Path) -> None:
    assert "影像缺" not in bulletin(make_day(site, coast), folder)
    lacking = make_patches().model_copy(update={"lacking_bands": ("B05", "B8A")})
    assert "影像缺 B05、B8A 波段，判别较不可靠" in bulletin(make_day(site, coast, lacking), folder)
