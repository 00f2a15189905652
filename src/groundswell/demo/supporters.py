"""Two thousand people who do not exist, with the faults that real lists have. Every address is at example.org/net/com."""

import csv
import random
from pathlib import Path

SIZE = 2000
_GIVEN = (
    "Ada", "Grace", "Alan", "Zoë", "José", "Łukasz", "Siân", "Müge", "Anaïs", "Søren", "Chloé", "Iñaki", "Mary Ann", "Jean-Luc",
    "O’Neill", "Ngozi", "Wei", "Priya", "Tomás", "Aroha", "ליאת", "דוד", "ليلى", "يوسف", "فاطمة", "さくら", "Олена", "Ελένη",
)  # fmt: skip
_FAMILY = (
    "Lovelace", "Hopper", "Turing", "Okafor", "García", "Kowalski", "Davies", "Yılmaz", "van der Berg", "McDonald", "Sørensen",
    "Etxeberria", "Ngata", "Patel", "כהן", "حداد", "佐藤", "Шевченко", "Παππά", "D’Arcy",
)  # fmt: skip
_PLACES = (("US", "98"), ("US", "10"), ("GB", "SW1"), ("DE", "10"), ("FR", "75"), ("ES", "28"), ("MX", "06"), ("IE", "D02"))


def write(path: Path) -> None:
    """The list as CSV, the same every time."""
    dice = random.Random(1895)  # noqa: S311 (a fixed world, not a secret)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Email Address", "First Name", "Last Name", "Country", "Postcode", "Language", "Status"])
        for number in range(SIZE):
            given, family = dice.choice(_GIVEN), dice.choice(_FAMILY)
            country, postcode = dice.choice(_PLACES)
            address = f"person.{number:04d}@example.{dice.choice(('org', 'net', 'com'))}"
            fault = number % 50
            given = {
                1: "", 2: "NULL", 3: given.upper(), 4: address, 5: "   ", 6: "12345", 7: f"{given}, ", 8: "n/a",
            }.get(fault, given)  # fmt: skip
            status = {10: "Unsubscribed", 20: "Bounced", 30: "Complained"}.get(fault, "Subscribed")
            writer.writerow([address, given, family, country, postcode, "en", status])
            if fault == 40:
                # The same person once more, as lists have them: other case, other name, and a status that must not count.
                writer.writerow([address.upper(), "Duplicate", family, country, postcode, "en", "Subscribed"])
