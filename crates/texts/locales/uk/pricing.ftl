### Речення, якими ціна пояснює себе (`trace-…`), і відмови щодо формул, округлення та чисел.
### Перелік ключів з аргументами: crates/engines/pricing/src/notes.rs.

## Звідки береться базова ціна
trace-base-asked = Запитано ціну виду «{ $price_type }»
trace-base-agreement_product = Умови «{ $agreement }» для цього товару: вид ціни «{ $price_type }»
trace-base-agreement_product_price = Умови «{ $agreement }» для цього товару: домовлена ціна { $price } { $currency }
trace-base-agreement_category = Умови «{ $agreement }» для категорії «{ $category }»: вид ціни «{ $price_type }»
trace-base-agreement_category_price = Умови «{ $agreement }» для категорії «{ $category }»: домовлена ціна { $price } { $currency }
trace-base-agreement = Умови «{ $agreement }»: вид ціни «{ $price_type }»
trace-base-default = Звичайний вид ціни: «{ $price_type }»
trace-base-none = Жодне правило не дає ціни: немає ні умов, ні звичайного виду ціни

## Значення на дату
trace-value-manual = Ціна «{ $price_type }», діє з { $valid_from }: { $price } { $currency }
trace-value-agreed = Домовлена ціна за умовами «{ $agreement }»: { $price } { $currency }
trace-value-markup = «{ $price_type }» — це «{ $base }» ({ $base_price } { $currency }) плюс { $percent } %: { $price } { $currency }
trace-value-markdown = «{ $price_type }» — це «{ $base }» ({ $base_price } { $currency }) мінус { $percent } %: { $price } { $currency }
trace-value-formula = «{ $price_type }» за формулою { $formula }: { $price } { $currency }

## Валюта, ПДВ, округлення
trace-convert-rate = З { $from } у { $to } за курсом на { $date }: { $per ->
        [1] { $rate } { $in_currency } за 1 { $of_currency }
       *[other] { $rate } { $in_currency } за { $per } { $of_currency }
    } — { $price } { $to }
trace-convert-cross = З { $from } у { $to } через { $base } за курсами на { $from_date } і { $to_date } (крос-курс { $rate }): { $price } { $to }
trace-vat-added = Додано ПДВ { $rate } %: { $price } { $currency }
trace-vat-removed = Вилучено ПДВ { $rate } %: { $price } { $currency }
trace-rounding-rule = Округлення виду ціни «{ $price_type }» { $kind ->
        [up] вгору до { $to }
        [down] вниз до { $to }
       *[arithmetic] до { $to }
    }: { $price } { $currency }
trace-rounding-ending = Округлення виду ціни «{ $price_type }» { $kind ->
        [up] вгору до { $to } із закінченням { $ending }
        [down] вниз до { $to } із закінченням { $ending }
       *[arithmetic] до { $to } із закінченням { $ending }
    }: { $price } { $currency }
trace-rounding-minor = Округлено до копійок валюти: { $price } { $currency }

## Знижки та введене вручну
trace-discount-agreement_product = Знижка за умовами «{ $agreement }» для цього товару: { $percent } %
trace-discount-agreement_category = Знижка за умовами «{ $agreement }» для категорії «{ $category }»: { $percent } %
trace-discount-agreement = Загальна знижка за умовами «{ $agreement }»: { $percent } %
trace-discount-none = Умови «{ $agreement }» не дають тут знижки
trace-line_discount = Знижка в рядку вказана вручну: { $percent } % (за правилами { $before } %)
trace-line_price = Ціна в рядку вказана вручну: { $price } { $currency } (за правилами { $rule_price } { $currency })
trace-line_price-no_rule = Ціна в рядку вказана вручну: { $price } { $currency } (правила ціни не дають)

## Чому правило не спрацювало
trace-lost-weaker = Точніше правило: { $by }
trace-lost-expired = Умови «{ $agreement }» не діють на { $date }
trace-lost-tie = Такий рядок умов уже є; враховано перший
trace-lost-fixed_price = Домовлена ціна остаточна, інші знижки до неї не застосовуються
trace-lost-no_discount = Знижки не вказано
trace-lost-no_price_in_line = Рядок умов не вказує ні ціни, ні виду ціни
trace-lost-no_price_type = Умови не вказують виду ціни
trace-lost-no_price = Немає ціни виду «{ $price_type }» на { $date }
trace-lost-no_cost = Собівартість товару невідома, а формула виду «{ $price_type }» її потребує

## Чому ціни немає
trace-problem-unknown_price_type = Виду ціни не знайдено ({ $id })
trace-problem-unknown_agreement = Умов продажу не знайдено ({ $id })
trace-problem-no_rate = Немає курсу { $currency } на { $date }
trace-problem-cycle = Види цін посилаються один на одного по колу: { $path }
trace-problem-too_deep = Вид ціни «{ $price_type }» стоїть на надто довгому ланцюгу інших видів (понад { $limit })
trace-problem-overflow = Число завелике
trace-problem-not_positive = Курс, кількість одиниць або крок округлення мають бути більшими за нуль
trace-problem-ambiguous_name = Є кілька видів цін з назвою «{ $name }»
trace-problem-formula_unknown_type = Формула питає вид ціни «{ $name }», якого немає
trace-problem-formula_unknown_currency = Формула питає курс валюти «{ $name }», якої немає
trace-problem-formula_empty = Формула виду ціни «{ $price_type }» порожня
trace-problem-formula_too_long = Формула виду ціни «{ $price_type }» завелика
trace-problem-formula_syntax = Формулу виду ціни «{ $price_type }» не вдалося прочитати (рядок { $line }, місце { $column }): { $detail }
trace-problem-formula_unknown_name = У формулі виду ціни «{ $price_type }» невідома назва «{ $name }» (рядок { $line }, місце { $column })
trace-problem-formula_arithmetic = Формулу виду ціни «{ $price_type }» не вдалося обчислити (рядок { $line }, місце { $column }): { $detail }
trace-problem-formula_limit = Формула виду ціни «{ $price_type }» надто складна
trace-problem-formula_not_a_number = Формула виду ціни «{ $price_type }» не дає числа
trace-problem-formula_negative = Формула виду ціни «{ $price_type }» дала від’ємну ціну: { $detail }

## Відмови
error-formula_empty = Напишіть формулу
error-formula_syntax = Формулу не вдалося прочитати (рядок { $line }, місце { $column }): { $detail }
error-formula_unknown_name = У формулі невідома назва «{ $name }» (рядок { $line }, місце { $column })
error-formula_arithmetic = Формулу не вдалося обчислити (рядок { $line }, місце { $column }): { $detail }
error-formula_limit = Формула надто складна
error-formula_not_a_number = Формула має давати число
error-formula_negative = Формула дає від’ємну ціну: { $detail }
error-rounding_step = Крок округлення має бути більшим за нуль
error-rounding_ending = Закінчення має бути не меншим за нуль і меншим за крок округлення
error-number_malformed = Потрібне число, наприклад 1234.50
error-number_decimals = Забагато знаків після коми: дозволено не більше ніж { $max }
error-number_range = Число завелике
error-number_overflow = Результат обчислення завеликий
error-number_not_positive = Число має бути більшим за нуль
