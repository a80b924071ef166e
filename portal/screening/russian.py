"""Reads conditions in Russian."""

from collections.abc import Sequence
from datetime import date

from portal.screening.grammar import OPPOSITE, Ordered, listed, number, plain_code
from portal.screening.tree import (
    Between,
    Compare,
    Contains,
    FieldsDiffer,
    FieldsEqual,
    In,
    InList,
    Leaf,
    Missing,
    Number,
    StartsWith,
)
from portal.screening.vocabulary import FIELDS, Field, Unit

# Nominative, genitive, and the ending of a short participle: указан, указана, указано.
NOUNS = {
    "declaration_id": ("номер декларации", "номера декларации", ""),
    "item_no": ("порядковый номер товара", "порядкового номера товара", ""),
    "date": ("дата регистрации", "даты регистрации", "а"),
    "stage": ("стадия", "стадии", "а"),
    "authority": ("таможенный пост", "таможенного поста", ""),
    "direction": ("направление перемещения", "направления перемещения", "о"),
    "procedure": ("таможенная процедура", "таможенной процедуры", "а"),
    "declarant_id": ("декларант", "декларанта", ""),
    "importer_id": ("импортёр", "импортёра", ""),
    "exporter_id": ("экспортёр", "экспортёра", ""),
    "carrier_id": ("перевозчик", "перевозчика", ""),
    "courier_id": ("экспресс-перевозчик", "экспресс-перевозчика", ""),
    "transport_mode": ("вид транспорта", "вида транспорта", ""),
    "vehicle_id": ("транспортное средство", "транспортного средства", "о"),
    "hs_code": ("код товара", "кода товара", ""),
    "goods_description": ("описание товара", "описания товара", "о"),
    "origin_country": ("страна происхождения", "страны происхождения", "а"),
    "departure_country": ("страна отправления", "страны отправления", "а"),
    "destination_country": ("страна назначения", "страны назначения", "а"),
    "preference": ("преференция", "преференции", "а"),
    "tax_type": ("вид налога", "вида налога", ""),
    "payment_type": ("способ уплаты", "способа уплаты", ""),
    "import_type": ("вид ввоза", "вида ввоза", ""),
    "import_use": ("цель ввоза", "цели ввоза", "а"),
    "origin_marking": ("маркировка происхождения", "маркировки происхождения", "а"),
    "tax_rate": ("ставка налога", "ставки налога", "а"),
    "net_mass_kg": ("масса нетто", "массы нетто", "а"),
    "gross_mass_kg": ("масса брутто", "массы брутто", "а"),
    "item_price": ("цена товара", "цены товара", "а"),
    "customs_value": ("таможенная стоимость", "таможенной стоимости", "а"),
    "payments": ("сумма платежей", "суммы платежей", "а"),
    "currency": ("валюта", "валюты", "а"),
    "value_per_kg": ("цена за килограмм", "цены за килограмм", "а"),
    "gross_to_net": ("отношение массы брутто к массе нетто", "отношения массы брутто к массе нетто", "о"),
    "trader_risk": ("категория риска импортёра", "категории риска импортёра", "а"),
}
CHOICES = {
    "preliminary": "предварительное декларирование",
    "registration": "регистрация",
    "release": "выпуск",
    "after_release": "после выпуска",
    "import": "ввоз",
    "export": "вывоз",
    "transit": "транзит",
    "low": "низкая",
    "medium": "средняя",
    "high": "высокая",
    "unknown": "неизвестная",
}
_NUMBERS = Ordered("меньше", "не больше", "больше", "не меньше", "от", "до")
_DATES = Ordered("раньше", "не позже", "позже", "не раньше", "с", "по")
_UNITS = {
    Unit.NONE: "",
    Unit.KILOGRAM: "\N{NO-BREAK SPACE}кг",
    Unit.PERCENT: "\N{NO-BREAK SPACE}%",
    Unit.CURRENCY: " (в валюте декларации)",
    Unit.CURRENCY_PER_KILOGRAM: " (в валюте декларации)",
    Unit.NATIONAL: " (в национальной валюте)",
}
_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


class Russian:
    """Russian; `most_values` of a long list are said, and the rest counted."""

    def __init__(self, most_values: int) -> None:
        self.most_values = most_values

    def leaf(self, leaf: Leaf, *, negated: bool) -> str:
        field = FIELDS[leaf.field]
        noun, _, _ = NOUNS[leaf.field]
        if isinstance(leaf, FieldsDiffer | FieldsEqual):
            said = _pair(noun, leaf.other, same=isinstance(leaf, FieldsEqual) is not negated)
        else:
            said = f"{noun} {self._predicate(leaf, field, negated)}"
        return said + _unless_given(leaf, field) if negated else said

    def _predicate(
        self,
        leaf: In | InList | StartsWith | Contains | Compare | Between | Missing,
        field: Field,
        negated: bool,
    ) -> str:
        no = "не " if negated else ""
        match leaf:
            case In(_, values):
                return self._in([_code(field, str(value)) for value in values], negated)
            case InList(_, name):
                return f"{no}входит в перечень «{name}»"
            case StartsWith(_, values):
                return f"{no}начинается " + self._or(
                    [f"с {_code(field, value)}" for value in values], negated
                )
            case Contains(_, texts):
                return f"{no}содержит " + self._or([f"«{text}»" for text in texts], negated)
            case Compare(_, op, value):
                word = _ordered(value).word(OPPOSITE[op] if negated else op)
                return f"{word} {_amount(value, field)}"
            case Between(_, low, high):
                return _between(low, high, field, negated)
            case Missing(name):
                return ("" if negated else "не ") + _participle(FIELDS[name])

    def _in(self, words: Sequence[str], negated: bool) -> str:
        if not negated:
            return f"— {self._or(words, negated=False)}"
        return (
            f"— не {words[0]}"
            if len(words) == 1
            else f"не входит в число: {', '.join(self._shortened(words))}"
        )

    def _or(self, words: Sequence[str], negated: bool) -> str:
        """Join as `с 61, 62 или 64`, negated as `ни с 61, ни с 62, ни с 64`; one preposition is said once."""
        short = self._shortened(words)
        if negated and len(short) > 1:
            return ", ".join(f"ни {word}" for word in short)
        common = "с " if all(word.startswith("с ") for word in words) else ""
        return common + listed([word.removeprefix(common) for word in short], "или")

    def _shortened(self, words: Sequence[str]) -> list[str]:
        over = len(words) - self.most_values
        if over <= 1:
            return list(words)
        return [*words[: self.most_values], f"ещё {over} {_plural(over, 'значение', 'значения', 'значений')}"]

    def every(self, parts: Sequence[str]) -> str:
        return "; ".join([*parts[:-1], f"а также {parts[-1]}"])

    def some(self, parts: Sequence[str]) -> str:
        return "хотя бы одно из условий: " + "; ".join([*parts[:-1], f"либо {parts[-1]}"])

    def not_every(self, parts: Sequence[str]) -> str:
        return f"не выполняются одновременно условия: ({self.every(parts)})"

    def not_some(self, parts: Sequence[str]) -> str:
        return f"не выполняется ни одно из условий: ({'; '.join([*parts[:-1], f'либо {parts[-1]}'])})"

    def heading(self, word: str) -> str:
        return {
            "every": "все условия",
            "some": "хотя бы одно из условий",
            "not_every": "не все условия одновременно",
            "not_some": "ни одно из условий",
        }[word]

    def exception(self, said: str) -> str:
        return f"Исключение: {said}."

    def group(self, number: int, said: str) -> str:
        return f"Группа {number}: {said}."

    def one_group_is_enough(self) -> str:
        return "Достаточно одной группы."

    def questions(self, texts: Sequence[str]) -> str:
        asked = "; ".join(f"«{text}»" for text in texts)
        return f"Должностное лицо отвечает на {'вопрос' if len(texts) == 1 else 'вопросы'}: {asked}."


def _pair(noun: str, other: str, *, same: bool) -> str:
    nominative, genitive, _ = NOUNS[other]
    return f"{noun} и {nominative} совпадают" if same else f"{noun} отличается от {genitive}"


def _unless_given(leaf: Leaf, field: Field) -> str:
    if isinstance(leaf, FieldsDiffer | FieldsEqual):
        return " (или одно из значений не указано)"
    if isinstance(leaf, Missing) or field.absent_as:
        return ""
    return f" (или не {_participle(field)})"


def _participle(field: Field) -> str:
    ending = NOUNS[field.name][2]
    if field.numerator:
        return "определён" if not ending else f"определен{ending}"
    return f"указан{ending}"


def _between(low: Number, high: Number, field: Field, negated: bool) -> str:
    words = _ordered(low)
    if negated:
        return f"{words.less} {_value(low)} или {words.more} {_amount(high, field)}"
    return f"— {words.start} {_value(low)} {words.end} {_amount(high, field)} включительно"


def _ordered(value: Number) -> Ordered:
    return _DATES if isinstance(value, date) else _NUMBERS


def _amount(value: Number, field: Field) -> str:
    return _value(value) + _UNITS[field.unit]


def _value(value: Number) -> str:
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year} г."
    return number(value, ",", "\N{NO-BREAK SPACE}")


def _code(field: Field, text: str) -> str:
    if field.choices:
        return CHOICES.get(text, f"«{text}»")
    return text if plain_code(text) else f"«{text}»"


def _plural(count: int, one: str, few: str, many: str) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many
