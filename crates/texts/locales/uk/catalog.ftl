### Products, categories, units, VAT rates.

products = Номенклатура
    .one = Товар
    .new = Новий товар
products-kind = Вид
products-sku = Артикул
products-unit_id = Одиниця зберігання
products-parent_id = Варіант товару
products-manufacturer_id = Виробник
products-weight = Вага, кг
products-volume = Об’єм, м³
products-series = Серія
products-units = Інші одиниці
products-units-numerator = Чисельник
products-units-denominator = Знаменник
products-components = Склад комплекту
products-list_price = Прейскурантна ціна
products-price_group_id = Цінова група
products-discontinued = Знято з продажу
products-min_stock = Найменший запас
products-is_kit = Комплект

product-categories = Категорії товарів
    .one = Категорія товарів
    .new = Нова категорія товарів
product-categories-parent_id = Входить до
product-categories-vat_rate = Типова ставка ПДВ

units = Одиниці виміру
    .one = Одиниця виміру
    .new = Нова одиниця виміру
units-code = Позначення
units-symbols = Позначення іншими мовами
units-decimals = Знаків після коми
units-international_code = Міжнародний код

vat-rates = Ставки ПДВ
    .one = Ставка ПДВ
    .new = Нова ставка ПДВ
vat-rates-percent = Ставка, %
vat-rates-country = Країна

price-groups = Цінові групи
    .one = Цінова група
    .new = Нова цінова група
