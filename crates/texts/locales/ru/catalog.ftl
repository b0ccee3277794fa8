### Products, categories, units, VAT rates.

products = Номенклатура
    .one = Товар
    .new = Новый товар
products-kind = Вид
products-sku = Артикул
products-unit_id = Единица хранения
products-parent_id = Вариант товара
products-manufacturer_id = Производитель
products-weight = Вес, кг
products-volume = Объём, м³
products-series = Серия
products-units = Другие единицы
products-units-numerator = Числитель
products-units-denominator = Знаменатель
products-components = Состав комплекта
products-price_group_id = Ценовая группа
products-discontinued = Снят с продажи

product-categories = Категории товаров
    .one = Категория товаров
    .new = Новая категория товаров
product-categories-parent_id = Входит в
product-categories-vat_rate = Ставка НДС по умолчанию

units = Единицы измерения
    .one = Единица измерения
    .new = Новая единица измерения
units-code = Обозначение
units-symbols = Обозначения на других языках
units-decimals = Знаков после запятой
units-international_code = Международный код

vat-rates = Ставки НДС
    .one = Ставка НДС
    .new = Новая ставка НДС
vat-rates-percent = Ставка, %
vat-rates-country = Страна

price-groups = Ценовые группы
    .one = Ценовая группа
    .new = Новая ценовая группа

products-season_id = Сезон
products-seasonal_group_id = Сезонная группа
products-sales_rating = Рейтинг продаж
products-components-product_id = Составная часть
products-units-weight = Вес упаковки, кг
products-units-volume = Объём упаковки, м³

seasons = Сезоны
    .one = Сезон
    .new = Новый сезон
seasons-from_month = С месяца
seasons-to_month = По месяц

seasonal-groups = Сезонные группы
    .one = Сезонная группа
    .new = Новая сезонная группа
seasonal-groups-months = Месяцы
seasonal-groups-months-month = Месяц
seasonal-groups-months-percent = Доля от среднего, %

characteristics = Характеристики
    .one = Характеристика
    .new = Новая характеристика
characteristics-code = Код
characteristics-kind = Вид значения
characteristics-kind-text = Текст
characteristics-kind-number = Число
characteristics-kind-bool = Да или нет
characteristics-kind-choice = Из списка
characteristics-choices = Значения
characteristics-mandatory = Обязательная
