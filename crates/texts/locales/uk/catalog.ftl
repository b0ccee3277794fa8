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
products-price_group_id = Цінова група
products-discontinued = Знято з продажу

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

products-season_id = Сезон
products-seasonal_group_id = Сезонна група
products-sales_rating = Рейтинг продажів
products-components-product_id = Складник
products-units-weight = Вага паковання, кг
products-units-volume = Об’єм паковання, м³

seasons = Сезони
    .one = Сезон
    .new = Новий сезон
seasons-from_month = Від місяця
seasons-to_month = До місяця

seasonal-groups = Сезонні групи
    .one = Сезонна група
    .new = Нова сезонна група
seasonal-groups-months = Місяці
seasonal-groups-months-month = Місяць
seasonal-groups-months-percent = Частка від середнього, %

characteristics = Характеристики
    .one = Характеристика
    .new = Нова характеристика
characteristics-code = Код
characteristics-kind = Вид значення
characteristics-kind-text = Текст
characteristics-kind-number = Число
characteristics-kind-bool = Так або ні
characteristics-kind-choice = Зі списку
characteristics-choices = Значення
characteristics-mandatory = Обов’язкова
