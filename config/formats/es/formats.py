"""Dates in full; figures as Spanish speakers in the United States write them."""

DATE_FORMAT = r"j \d\e F \d\e Y"
SHORT_DATE_FORMAT = r"j \d\e F \d\e Y"
DATETIME_FORMAT = r"j \d\e F \d\e Y, g:i A"
TIME_FORMAT = "g:i A"
YEAR_MONTH_FORMAT = r"F \d\e Y"
THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3
