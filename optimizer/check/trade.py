"""Sales under contracts, and disposals."""

from collections.abc import Iterator

from optimizer.check.ledger import Ledger
from optimizer.check.rules import MASS_T, Rule, Violation


def check_sales(ledger: Ledger) -> Iterator[Violation]:
    """Check window and material of every sale, and what contracts come to; the place is checked with the draws."""
    register = ledger.register
    sold = dict.fromkeys(register.contracts, 0.0)
    number = dict.fromkeys(register.contracts, 0)
    for i, sale in enumerate(ledger.plan.sales):
        where, hour = f"sales[{i}]", register.hour(sale.time)
        if not register.in_horizon(sale.time):
            text = f"A sale under {sale.contract_id} happens at hour {hour:.2f}, outside the horizon."
            yield Violation(Rule.OUTSIDE_HORIZON, where, text)
        contract = register.contracts.get(sale.contract_id)
        if contract is None:
            text = f"A sale names the contract {sale.contract_id}, which the problem does not know."
            yield Violation(Rule.UNKNOWN_ID, where, text)
            continue
        sold[contract.id] += sale.draw.tonnes
        number[contract.id] += 1
        if not register.covers((contract.window,), (hour, hour)):
            text = f"A sale under {contract.id} happens at hour {hour:.2f}, outside the window of the contract."
            yield Violation(Rule.OUTSIDE_CONTRACT, where, text)
        wrong = ledger.wrong_material(sale.draw, hour, {contract.material})
        if wrong is not None:
            text = (
                f"A sale under {contract.id} takes {wrong} from parcel {sale.draw.parcel_id}, not {contract.material}."
            )
            yield Violation(Rule.WRONG_MATERIAL, where, text)
    for contract in register.problem.contracts:
        room = MASS_T * max(number[contract.id], 1)
        if not contract.min_t - room <= sold[contract.id] <= contract.max_t + room:
            text = (
                f"Under contract {contract.id} {sold[contract.id]:.3f} t are sold,"
                f" {contract.min_t:g} to {contract.max_t:g} t being agreed."
            )
            yield Violation(Rule.CONTRACT_QUANTITY, f"contract {contract.id}", text)


def check_disposals(ledger: Ledger) -> Iterator[Violation]:
    """Check that disposals happen within the horizon; all else of them is checked with the draws."""
    for i, disposal in enumerate(ledger.plan.disposals):
        if not ledger.register.in_horizon(disposal.time):
            text = f"A disposal happens at {disposal.time:%Y-%m-%d %H:%M:%SZ}, outside the horizon."
            yield Violation(Rule.OUTSIDE_HORIZON, f"disposals[{i}]", text)
