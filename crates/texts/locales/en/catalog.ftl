### Products, categories, units, VAT rates.

products = Products
    .one = Product
    .new = New product
products-kind = Kind
products-sku = SKU
products-unit_id = Stock unit
products-parent_id = Variant of
products-manufacturer_id = Manufacturer
products-weight = Weight, kg
products-volume = Volume, m³
products-series = Series
products-units = Other units
products-units-numerator = Numerator
products-units-denominator = Denominator
products-components = Components
products-list_price = List price
products-price_group_id = Price group
products-discontinued = Discontinued
products-min_stock = Minimum stock
products-is_kit = Kit

product-categories = Product categories
    .one = Product category
    .new = New product category
product-categories-parent_id = Part of
product-categories-vat_rate = Default VAT rate

units = Units
    .one = Unit
    .new = New unit
units-code = Symbol
units-symbols = Symbols in other languages
units-decimals = Decimals
units-international_code = International code

vat-rates = VAT rates
    .one = VAT rate
    .new = New VAT rate
vat-rates-percent = Rate, %
vat-rates-country = Country

price-groups = Price groups
    .one = Price group
    .new = New price group
