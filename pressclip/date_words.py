"""The words that dates are written with: months, eras, zones. A new one is one word in one line."""

# Names and abbreviations by month: en; de, fr, es, pt, it, ru, tr, pl. A name shared by languages stands once.
_MONTH_NAMES = (
    "jan january januar jänner janvier janv enero ene janeiro gennaio gen января янв ocak oca stycznia sty",
    "feb february februar feber février févr fév febrero fevereiro fev febbraio февраля фев şubat şub lutego lut",
    "mar march märz mär mrz mars marzo março марта мар mart marca",
    "apr april avril avr abril abr aprile апреля апр nisan nis kwietnia kwi",
    "may mai mayo maio maggio mag мая май mayıs maja",
    "jun june juni juin junio junho giugno giu июня июн haziran haz czerwca cze",
    "jul july juli juillet juil julio julho luglio lug июля июл temmuz tem lipca lip",
    "aug august août aout agosto ago августа авг ağustos ağu sierpnia sie",
    "sep sept september septembre septiembre setembro set settembre сентября сен eylül eyl września wrz",
    "oct october oktober okt octobre octubre outubro out ottobre ott октября окт ekim eki października paź",
    "nov november novembre noviembre novembro ноября ноя kasım kas listopada lis",
    "dec december dezember dez décembre déc diciembre dic dezembro dicembre декабря дек aralık ara grudnia gru",
)
MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.casefold().split()
}

#: Japan's eras and Taiwan's republic: the year before their first.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}

#: Zone names, in minutes east of UTC. CST is America's here; dates.py knows when it is China's.
ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT", "WET"), 0),
    **dict.fromkeys(("CET", "MET", "MEZ", "BST", "WEST", "WAT"), 60),
    **dict.fromkeys(("CEST", "MEST", "MESZ", "EET", "SAST", "CAT"), 120),
    **dict.fromkeys(("EEST", "MSK", "TRT", "EAT"), 180),
    **dict.fromkeys(("ICT", "WIB"), 420),
    **dict.fromkeys(("HKT", "SGT", "MYT", "PHT", "AWST", "WITA"), 480),
    **dict.fromkeys(("JST", "KST", "WIT"), 540),
    **dict.fromkeys(("ADT", "BRT", "ART"), -180),
    **dict.fromkeys(("AST", "EDT", "CLT"), -240),
    **dict.fromkeys(("EST", "CDT"), -300),
    **dict.fromkeys(("CST", "MDT"), -360),
    **dict.fromkeys(("MST", "PDT"), -420),
    **dict.fromkeys(("PST", "AKDT"), -480),
    "GST": 240,
    "PKT": 300,
    "IST": 330,  # India's
    "NPT": 345,
    "ACST": 570,
    "AEST": 600,
    "ACDT": 630,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "NDT": -150,
    "NST": -210,
    "AKST": -540,
    "HST": -600,
}

#: The American habit of naming a zone without its season, in minutes east of UTC in winter.
AMERICAN_ZONES = {"ET": -300, "CT": -360, "MT": -420, "PT": -480}

#: Zones in words, wherever in the text they stand.
ZONE_WORDS = {
    **dict.fromkeys(("日本時間", "日本标准时间", "한국시간", "한국 시간", "韓国時間"), 540),
    **dict.fromkeys(
        ("北京时间", "北京時間", "香港時間", "香港时间", "台北時間", "台灣時間", "臺灣時間"), 480
    ),
}
