### Предложения, которыми цена объясняет себя (`trace-…`), и отказы о формулах, округлении и числах.
### Перечень ключей с аргументами: crates/engines/pricing/src/notes.rs.

## Откуда берётся базовая цена
trace-base-asked = Запрошена цена вида «{ $price_type }»
trace-base-agreement_product = Соглашение «{ $agreement }» для этого товара: вид цены «{ $price_type }»
trace-base-agreement_product_price = Соглашение «{ $agreement }» для этого товара: договорная цена { $price } { $currency }
trace-base-agreement_category = Соглашение «{ $agreement }» для категории «{ $category }»: вид цены «{ $price_type }»
trace-base-agreement_category_price = Соглашение «{ $agreement }» для категории «{ $category }»: договорная цена { $price } { $currency }
trace-base-agreement = Соглашение «{ $agreement }»: вид цены «{ $price_type }»
trace-base-default = Обычный вид цены: «{ $price_type }»
trace-base-none = Ни одно правило не даёт цены: нет ни соглашения, ни обычного вида цены

## Значение на дату
trace-value-manual = Цена «{ $price_type }», действует с { $valid_from }: { $price } { $currency }
trace-value-agreed = Договорная цена по соглашению «{ $agreement }»: { $price } { $currency }
trace-value-markup = «{ $price_type }» — это «{ $base }» ({ $base_price } { $currency }) плюс { $percent } %: { $price } { $currency }
trace-value-markdown = «{ $price_type }» — это «{ $base }» ({ $base_price } { $currency }) минус { $percent } %: { $price } { $currency }
trace-value-formula = «{ $price_type }» по формуле { $formula }: { $price } { $currency }

## Валюта, НДС, округление
trace-convert-rate = Из { $from } в { $to } по курсу на { $date }: { $per ->
        [1] { $rate } { $in_currency } за 1 { $of_currency }
       *[other] { $rate } { $in_currency } за { $per } { $of_currency }
    } — { $price } { $to }
trace-convert-cross = Из { $from } в { $to } через { $base } по курсам на { $from_date } и { $to_date } (кросс-курс { $rate }): { $price } { $to }
trace-vat-added = Добавлен НДС { $rate } %: { $price } { $currency }
trace-vat-removed = Исключён НДС { $rate } %: { $price } { $currency }
trace-rounding-rule = Округление вида цены «{ $price_type }» { $kind ->
        [up] вверх до { $to }
        [down] вниз до { $to }
       *[arithmetic] до { $to }
    }: { $price } { $currency }
trace-rounding-ending = Округление вида цены «{ $price_type }» { $kind ->
        [up] вверх до { $to } с окончанием { $ending }
        [down] вниз до { $to } с окончанием { $ending }
       *[arithmetic] до { $to } с окончанием { $ending }
    }: { $price } { $currency }
trace-rounding-minor = Округлено до копеек валюты: { $price } { $currency }

## Скидки и введённое вручную
trace-discount-agreement_product = Скидка по соглашению «{ $agreement }» для этого товара: { $percent } %
trace-discount-agreement_category = Скидка по соглашению «{ $agreement }» для категории «{ $category }»: { $percent } %
trace-discount-agreement = Общая скидка по соглашению «{ $agreement }»: { $percent } %
trace-discount-none = Соглашение «{ $agreement }» не даёт здесь скидки
trace-line_discount = Скидка в строке указана вручную: { $percent } % (по правилам { $before } %)
trace-line_price = Цена в строке указана вручную: { $price } { $currency } (по правилам { $rule_price } { $currency })
trace-line_price-no_rule = Цена в строке указана вручную: { $price } { $currency } (правила цены не дают)

## Почему правило не сработало
trace-lost-weaker = Есть более точное правило: { $by }
trace-lost-expired = Соглашение «{ $agreement }» не действует на { $date }
trace-lost-tie = Такая строка соглашения уже есть; учтена первая
trace-lost-fixed_price = Договорная цена окончательная, другие скидки к ней не применяются
trace-lost-no_discount = Скидка не указана
trace-lost-no_price_in_line = Строка соглашения не указывает ни цены, ни вида цены
trace-lost-no_price_type = Соглашение не указывает вида цены
trace-lost-no_price = Нет цены вида «{ $price_type }» на { $date }
trace-lost-no_cost = Себестоимость товара неизвестна, а формула вида «{ $price_type }» её требует

## Почему цены нет
trace-problem-unknown_price_type = Вид цены не найден ({ $id })
trace-problem-unknown_agreement = Соглашение не найдено ({ $id })
trace-problem-no_rate = Нет курса { $currency } на { $date }
trace-problem-cycle = Виды цен ссылаются друг на друга по кругу: { $path }
trace-problem-too_deep = Вид цены «{ $price_type }» стоит на слишком длинной цепи других видов (более { $limit })
trace-problem-overflow = Число слишком велико
trace-problem-not_positive = Курс, количество единиц или шаг округления должны быть больше нуля
trace-problem-ambiguous_name = Есть несколько видов цен с названием «{ $name }»
trace-problem-formula_unknown_type = Формула спрашивает вид цены «{ $name }», которого нет
trace-problem-formula_unknown_currency = Формула спрашивает курс валюты «{ $name }», которой нет
trace-problem-formula_empty = Формула вида цены «{ $price_type }» пуста
trace-problem-formula_too_long = Формула вида цены «{ $price_type }» слишком велика
trace-problem-formula_syntax = Формулу вида цены «{ $price_type }» не удалось прочитать (строка { $line }, место { $column }): { $detail }
trace-problem-formula_unknown_name = В формуле вида цены «{ $price_type }» неизвестное имя «{ $name }» (строка { $line }, место { $column })
trace-problem-formula_arithmetic = Формулу вида цены «{ $price_type }» не удалось вычислить (строка { $line }, место { $column }): { $detail }
trace-problem-formula_limit = Формула вида цены «{ $price_type }» слишком сложна
trace-problem-formula_not_a_number = Формула вида цены «{ $price_type }» не даёт числа
trace-problem-formula_negative = Формула вида цены «{ $price_type }» дала отрицательную цену: { $detail }

## Отказы
error-formula_empty = Напишите формулу
error-formula_syntax = Формулу не удалось прочитать (строка { $line }, место { $column }): { $detail }
error-formula_unknown_name = В формуле неизвестное имя «{ $name }» (строка { $line }, место { $column })
error-formula_arithmetic = Формулу не удалось вычислить (строка { $line }, место { $column }): { $detail }
error-formula_limit = Формула слишком сложна
error-formula_not_a_number = Формула должна давать число
error-formula_negative = Формула даёт отрицательную цену: { $detail }
error-rounding_step = Шаг округления должен быть больше нуля
error-rounding_ending = Окончание должно быть не меньше нуля и меньше шага округления
error-number_malformed = Нужно число, например 1234.50
error-number_decimals = Слишком много знаков после запятой: разрешено не более { $max }
error-number_range = Число слишком велико
error-number_overflow = Результат вычисления слишком велик
error-number_not_positive = Число должно быть больше нуля
