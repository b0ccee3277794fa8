### Предложения, которыми цена объясняет себя (`trace-…`), и отказы о формулах, округлении и числах.
### Перечень ключей с аргументами: crates/engines/pricing/src/notes.rs.

## Откуда берётся базовая цена
trace-base-asked = Запрошена цена вида «{ $price_type }»
trace-base = { $kind ->
        [agreement_product] Соглашение «{ $by }»
        [contract_product] Договор «{ $by }»
        [special_product] { $whom ->
            [anyone] Специальная цена
           *[somebody] Специальная цена для «{ $by }»
        }
        [special_category] { $whom ->
            [anyone] Специальная цена
           *[somebody] Специальная цена для «{ $by }»
        }
        [agreement_group] Соглашение «{ $by }»
        [contract_group] Договор «{ $by }»
        [individual_list] Соглашение «{ $by }»
        [contract_list] Договор «{ $by }»
        [order_type] Вид заказа «{ $by }»
        [deal_kind] Вид сделки «{ $by }»
        [company_list] { $whom ->
            [anyone] Прайс-лист организации
           *[somebody] Прайс-лист организации «{ $by }»
        }
        [region] Регион «{ $by }»
        [dealer_type] Тип дилера «{ $by }»
        [standard_agreement] Типовое соглашение «{ $by }»
       *[default] Обычно
    }{ $scope ->
        [product] {" "}для этого товара
        [price_group] {" "}для ценовой группы «{ $what }»
        [category] {" "}для категории «{ $what }»
        [segment] {" "}для сегмента «{ $what }»
       *[none] {""}
    }: { $form ->
        [type] вид цены «{ $price_type }»
       *[price] согласованная цена { $price } { $currency }
    }
trace-base-none = Ни одно правило не даёт цены: нет ни соглашения, ни обычного вида цены

## Значение на дату
trace-value-manual = Цена «{ $price_type }», действует с { $valid_from }: { $price } { $currency }
trace-value-agreed = Согласованная цена ({ $by }): { $price } { $currency }
trace-value-query = «{ $price_type }» по запросу «{ $query }»: { $price } { $currency }
trace-value-sold = Возвращается по цене продажи от { $date }: { $price } { $currency }, скидка { $percent } %
trace-value-receipt = Цена последнего поступления: { $price } { $currency }
trace-value-lot = Цена поставщика «{ $supplier }» за партию от { $from }: { $price } { $currency }
trace-value-kept = Вычисленная цена { $new } { $currency } отличается менее чем на { $percent } %, поэтому остаётся действующая цена «{ $price_type }»: { $price } { $currency }
trace-value-markup = «{ $price_type }» — это { $source ->
        [receipt] цена последнего поступления
        [supply] цена поставщика
       *[type] «{ $base }»
    } ({ $base_price } { $currency }) плюс { $percent } %: { $price } { $currency }
trace-value-markdown = «{ $price_type }» — это { $source ->
        [receipt] цена последнего поступления
        [supply] цена поставщика
       *[type] «{ $base }»
    } ({ $base_price } { $currency }) минус { $percent } %: { $price } { $currency }
trace-value-formula = «{ $price_type }» по формуле { $formula }: { $price } { $currency }

## Валюта, НДС, округление
trace-convert-rate = Из { $from } в { $to } по курсу{ $whose ->
        [named] {" "}«{ $by }»
       *[none] {""}
    } на { $date }: { $per ->
        [1] { $rate } { $in_currency } за 1 { $of_currency }
       *[other] { $rate } { $in_currency } за { $per } { $of_currency }
    }{ $old ->
        [earlier] {" "}(на { $asked } курса нет, взят последний предыдущий)
       *[today] {""}
    } — { $price } { $to }
trace-convert-cross = Из { $from } в { $to } через { $base } по курсам{ $whose ->
        [named] {" "}«{ $by }»
       *[none] {""}
    } на { $from_date } и { $to_date } (кросс-курс { $rate }){ $old ->
        [earlier] {" "}(на { $asked } курса нет, взят последний предыдущий)
       *[today] {""}
    }: { $price } { $to }
trace-vat-added = Добавлен НДС { $rate } %: { $price } { $currency }
trace-vat-removed = Исключён НДС { $rate } %: { $price } { $currency }
trace-surcharge = { $whom ->
        [anyone] Для организации
       *[somebody] Для организации «{ $by }»
    }{ $scope ->
        [product] {" "}для этого товара
        [price_group] {" "}для ценовой группы «{ $what }»
        [category] {" "}для категории «{ $what }»
        [segment] {" "}для сегмента «{ $what }»
       *[none] {""}
    }: { $form ->
        [markup] наценка { $percent } %
        [discount] скидка { $percent } %
        [extra] плюс { $off } { $currency }
       *[off] минус { $off } { $currency }
    }: { $price } { $currency }
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
trace-rounding-minor = Округлено до наименьшей единицы валюты: { $price } { $currency }

## Скидки и введённое вручную
trace-adjust = { $form ->
        [markup] Наценка
        [extra] Надбавка
       *[discount] Скидка
    } { $kind ->
        [dealer_discount] типа дилера «{ $by }»
        [special] { $whom ->
            [anyone] по специальным условиям
           *[somebody] по специальным условиям «{ $by }»
        }
        [agreement] по соглашению «{ $by }»
        [contract] по договору «{ $by }»
        [segment] для сегмента клиентов «{ $by }»
        [period] { $whom ->
            [anyone] на этот период
           *[somebody] на этот период для «{ $by }»
        }
        [quantity] { $whom ->
            [anyone] за количество от { $from }
           *[somebody] для «{ $by }» за количество от { $from }
        }
        [payment_form] за форму оплаты «{ $by }»
        [card] по карте «{ $by }»
       *[amount] { $whom ->
            [anyone] за сумму заказа
           *[somebody] для «{ $by }» за сумму заказа
        }
    }{ $scope ->
        [product] {" "}для этого товара
        [price_group] {" "}для ценовой группы «{ $what }»
        [category] {" "}для категории «{ $what }»
        [segment] {" "}для сегмента «{ $what }»
       *[none] {""}
    }: { $form ->
        [discount] { $percent } %
        [markup] { $percent } %
       *[off] { $off } { $currency } за единицу
    }
trace-adjust-none = На саму цену скидок нет
trace-adjust-bare = Без скидки, для количества { $quantity } по { $net } { $currency }
trace-adjust-together = { $algorithm ->
        [cascade] Вместе, одна за другой
        [maximum] Вместе, наибольшая скидка
        [priority] Вместе, по приоритету
       *[sum] Вместе
    }: { $percent } %, для количества { $quantity } по { $net } { $currency }
trace-net = Цена после скидок округлена: { $net } { $currency } для количества { $quantity } (всего { $percent } %)
trace-order = { $source ->
        [bundle] Комплект «{ $by }»
        [gift] Подарок «{ $by }»
       *[amount] За сумму заказа ({ $by })
    }: { $form ->
        [percent] { $percent } %,{" "}
       *[sum] {""}
    }{ $whole } { $currency } скидки на заказ, из них { $off } { $currency } на эту строку
trace-line_discount = Скидка в строке указана вручную: { $percent } % (по правилам { $before } %)
trace-line_price = Цена в строке указана вручную: { $price } { $currency } (по правилам { $rule_price } { $currency })
trace-line_price-no_rule = Цена в строке указана вручную: { $price } { $currency } (правила цены не дают)

## Почему правило не сработало
trace-lost-weaker = Точнее правило: { $by }
trace-lost-tie = Раньше идёт правило для того же: { $by }
trace-lost-clash = Противоречит правилу «{ $by }»: оба для одного и того же, и непонятно, какое первое. Дайте им разные приоритеты
trace-lost-not_yet = Действует только с { $date }
trace-lost-expired = Действовало до { $date }
trace-lost-other_company = Для другой организации
trace-lost-below_quantity = От количества { $from }
trace-lost-below_amount = Для заказов от { $from } { $currency }
trace-lost-used_up = Только на количество { $limit }, оно исчерпано
trace-lost-fixed_price = Согласованная цена «{ $by }» окончательна, другие скидки к ней не применяются
trace-lost-stopped = «{ $by }» останавливает все дальнейшие скидки
trace-lost-group = Не вместе с «{ $by }», которая больше
trace-lost-smaller = Действует только наибольшая скидка: { $by }
trace-lost-later = Действует только первая по приоритету: { $by }
trace-lost-no_price = Нет цены вида «{ $price_type }» на { $date }
trace-lost-no_cost = Себестоимость товара неизвестна, а формуле вида «{ $price_type }» она нужна
trace-lost-no_receipt = Товар ещё не поступал, а виду «{ $price_type }» нужна цена поступления
trace-lost-no_supply = Цена поставщика неизвестна, а виду «{ $price_type }» она нужна
trace-lost-no_query = Запрос вида «{ $price_type }» ничего не нашёл для товара
trace-lost-no_value = Формуле вида «{ $price_type }» нужен показатель, которого у товара нет
trace-lost-unused_type = Условия использования вида «{ $price_type }» для этого документа не выполняются

## Почему цены нет
trace-problem-unknown_price_type = Вид цены не найден ({ $id })
trace-problem-no_rate = Нет курса { $currency } на { $date }{ $whose ->
    [named] {" "}(вид курса «{ $by }»)
   *[none] {""}
    }
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

## Что требует согласования и что стоит знать
trace-approval-discount = Скидка { $percent } % больше вашего предела { $limit } %: нужно согласование
trace-approval-lower = Цена на { $percent } % ниже условий, ваш предел { $limit } %: нужно согласование
trace-approval-higher = Цена на { $percent } % выше условий, ваш предел { $limit } %: нужно согласование
trace-approval-cost = Цена { $price } { $currency } ниже себестоимости { $cost } { $currency }: нужно согласование
trace-remark-return = Товар возвращают, не указав продажу: взята сегодняшняя цена. Укажите продажу, чтобы вернуть по её цене
trace-remark-no_category = У товара нет категории, поэтому правила по категориям не действуют. Укажите её в карточке товара
trace-remark-archived = Товар в архиве: его продают только там, где раньше пообещали. Выберите другой или верните его в карточке
trace-remark-over_hundred = Скидки превысили цену, она стала нулевой. Проверьте действующие правила
trace-remark-zero_price = Цена нулевая. Проверьте, так ли должно быть

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
error-rounding_vat_ending = Целый НДС и окончание цены исключают друг друга: оставьте окончание пустым
error-condition_who = Правило этого вида не может быть для них
error-condition_what = Правило этого вида не может быть для таких товаров
error-condition_value = Правилу этого вида нужно другое значение: цена или вид цены для базовой цены, процент или сумма для скидки
error-condition_price = Цена не может быть отрицательной
error-condition_percent = Скидка не может быть больше 100 %
error-condition_from = Начало не может быть отрицательным
error-condition_limit = Ограничить количеством можно только скидку на строку, и предел должен быть больше нуля
error-condition_companies = В правилах слишком много организаций
error-bundle_members = Комплекту нужны товары, каждый один раз и с количеством больше нуля
error-bundle_value = Комплекту нужна скидка больше нуля и не больше 100 % или цена
error-number_malformed = Нужно число, например 1234.50
error-number_decimals = Слишком много знаков после запятой: разрешено не более { $max }
error-number_range = Число слишком велико
error-number_overflow = Результат вычисления слишком велик
error-number_not_positive = Число должно быть больше нуля
