"""The papers of a day: what each desk gets, one file a kind of paper."""
