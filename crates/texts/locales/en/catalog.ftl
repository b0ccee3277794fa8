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
products-price_group_id = Price group
products-discontinued = Discontinued

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

products-season_id = Season
products-seasonal_group_id = Seasonal group
products-sales_rating = Sales rating
products-components-product_id = Component
products-units-weight = Weight of the package, kg
products-units-volume = Volume of the package, m³

seasons = Seasons
    .one = Season
    .new = New season
seasons-from_month = From month
seasons-to_month = To month

seasonal-groups = Seasonal groups
    .one = Seasonal group
    .new = New seasonal group
seasonal-groups-months = Months
seasonal-groups-months-month = Month
seasonal-groups-months-percent = Share of the average, %

characteristics = Characteristics
    .one = Characteristic
    .new = New characteristic
characteristics-code = Code
characteristics-kind = Kind of value
characteristics-kind-text = Text
characteristics-kind-number = Number
characteristics-kind-bool = Yes or no
characteristics-kind-choice = From a list
characteristics-choices = Values
characteristics-mandatory = Mandatory
