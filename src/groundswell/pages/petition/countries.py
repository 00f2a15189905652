"""Countries and territories that a signer may live in, as their people call them; where that is in another script, English first.

A script turns them into the page's language; without one everybody finds their own. ISO 3166-1.
"""

_NAMES = """\
AD Andorra|AE United Arab Emirates · الإمارات|AF Afghanistan · افغانستان|AG Antigua and Barbuda|AL Shqipëria
AM Armenia · Հայաստան|AO Angola|AR Argentina|AT Österreich|AU Australia|AZ Azərbaycan|BA Bosna i Hercegovina
BB Barbados|BD Bangladesh · বাংলাদেশ|BE België, Belgique|BF Burkina Faso|BG Bulgaria · България
BH Bahrain · البحرين|BI Burundi|BJ Bénin|BN Brunei|BO Bolivia|BR Brasil|BS Bahamas|BT Bhutan · འབྲུག|BW Botswana
BY Belarus · Беларусь|BZ Belize|CA Canada|CD Congo-Kinshasa|CF Centrafrique|CG Congo-Brazzaville
CH Schweiz, Suisse, Svizzera|CI Côte d’Ivoire|CL Chile|CM Cameroun|CN China · 中国|CO Colombia|CR Costa Rica
CU Cuba|CV Cabo Verde|CY Cyprus · Κύπρος|CZ Česko|DE Deutschland|DJ Djibouti|DK Danmark|DM Dominica
DO República Dominicana|DZ Algeria · الجزائر|EC Ecuador|EE Eesti|EG Egypt · مصر|ER Eritrea|ES España
ET Ethiopia · ኢትዮጵያ|FI Suomi|FJ Fiji|FM Micronesia|FO Føroyar|FR France|GA Gabon|GB United Kingdom|GD Grenada
GE Georgia · საქართველო|GF Guyane|GG Guernsey|GH Ghana|GI Gibraltar|GL Kalaallit Nunaat|GM Gambia|GN Guinée
GP Guadeloupe|GQ Guinea Ecuatorial|GR Greece · Ελλάδα|GT Guatemala|GW Guiné-Bissau|GY Guyana|HK Hong Kong · 香港
HN Honduras|HR Hrvatska|HT Haïti|HU Magyarország|ID Indonesia|IE Ireland|IL Israel · ישראל|IM Isle of Man
IN India · भारत|IQ Iraq · العراق|IR Iran · ایران|IS Ísland|IT Italia|JE Jersey|JM Jamaica|JO Jordan · الأردن
JP Japan · 日本|KE Kenya|KG Kyrgyzstan · Кыргызстан|KH Cambodia · កម្ពុជា|KI Kiribati|KM Comores
KN Saint Kitts and Nevis|KP North Korea · 조선|KR South Korea · 대한민국|KW Kuwait · الكويت|KZ Kazakhstan · Қазақстан
LA Laos · ລາວ|LB Lebanon · لبنان|LC Saint Lucia|LI Liechtenstein|LK Sri Lanka · ශ්‍රී ලංකා|LR Liberia|LS Lesotho
LT Lietuva|LU Luxembourg|LV Latvija|LY Libya · ليبيا|MA Morocco · المغرب|MC Monaco|MD Moldova|ME Crna Gora
MG Madagasikara|MH Marshall Islands|MK North Macedonia · Северна Македонија|ML Mali|MM Myanmar · မြန်မာ
MN Mongolia · Монгол|MO Macao · 澳門|MQ Martinique|MR Mauritania · موريتانيا|MT Malta|MU Mauritius
MV Maldives · ދިވެހިރާއްޖެ|MW Malawi|MX México|MY Malaysia|MZ Moçambique|NA Namibia|NC Nouvelle-Calédonie
NE Niger|NG Nigeria|NI Nicaragua|NL Nederland|NO Norge|NP Nepal · नेपाल|NR Nauru|NZ Aotearoa New Zealand
OM Oman · عُمان|PA Panamá|PE Perú|PF Polynésie française|PG Papua New Guinea|PH Pilipinas|PK Pakistan · پاکستان
PL Polska|PR Puerto Rico|PS Palestine · فلسطين|PT Portugal|PW Palau|PY Paraguay|QA Qatar · قطر|RE La Réunion
RO România|RS Serbia · Србија|RU Russia · Россия|RW Rwanda|SA Saudi Arabia · السعودية|SB Solomon Islands
SC Seychelles|SD Sudan · السودان|SE Sverige|SG Singapore|SI Slovenija|SK Slovensko|SL Sierra Leone|SM San Marino
SN Sénégal|SO Soomaaliya|SR Suriname|SS South Sudan|ST São Tomé e Príncipe|SV El Salvador|SY Syria · سوريا
SZ Eswatini|TD Tchad|TG Togo|TH Thailand · ไทย|TJ Tajikistan · Тоҷикистон|TL Timor-Leste|TM Türkmenistan
TN Tunisia · تونس|TO Tonga|TR Türkiye|TT Trinidad and Tobago|TV Tuvalu|TW Taiwan · 台灣|TZ Tanzania
UA Ukraine · Україна|UG Uganda|US United States|UY Uruguay|UZ Oʻzbekiston|VA Vaticano|VC Saint Vincent
VE Venezuela|VN Việt Nam|VU Vanuatu|WS Samoa|XK Kosova|YE Yemen · اليمن|YT Mayotte|ZA South Africa|ZM Zambia
ZW Zimbabwe"""


def _order(name: str) -> str:
    """As a reader of Latin letters looks for it: marks on letters do not count."""
    plain = {"Ö": "O", "Č": "C", "Í": "I", "Á": "A", "É": "E"}
    return "".join(plain.get(letter.upper(), letter) for letter in name).casefold()


COUNTRIES: tuple[tuple[str, str], ...] = tuple(
    sorted(((entry[:2], entry[3:]) for line in _NAMES.splitlines() for entry in line.split("|")), key=lambda each: _order(each[1]))
)
"""Code → name, in the order of the names."""
