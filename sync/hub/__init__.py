"""The hub: the receiving end of the courier, for a hall or a province.

Responsible for checking every batch before anything of it is kept, for keeping each record once, for its own counts,
for saying where it stands, and for telling the province, where one is set (`reporting.py`). Not responsible for a
platform's format: that is `sync.provinces`. What was sealed is opened in `visit_reading.py` and nowhere else.
"""
