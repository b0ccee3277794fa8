### Речення, якими ціна пояснює себе (`trace-…`), і відмови щодо формул, округлення та чисел.
### Перелік ключів з аргументами: crates/engines/pricing/src/notes.rs.

## Звідки береться базова ціна
trace-base-asked = Запитано ціну виду «{ $price_type }»
trace-base = { $kind ->
        [agreement_product] Умови «{ $by }»
        [contract_product] Договір «{ $by }»
        [special_product] { $whom ->
            [anyone] Спеціальна ціна
           *[somebody] Спеціальна ціна для «{ $by }»
        }
        [special_category] { $whom ->
            [anyone] Спеціальна ціна
           *[somebody] Спеціальна ціна для «{ $by }»
        }
        [agreement_group] Умови «{ $by }»
        [contract_group] Договір «{ $by }»
        [individual_list] Умови «{ $by }»
        [contract_list] Договір «{ $by }»
        [order_type] Вид замовлення «{ $by }»
        [deal_kind] Вид угоди «{ $by }»
        [company_list] { $whom ->
            [anyone] Прайс-лист організації
           *[somebody] Прайс-лист організації «{ $by }»
        }
        [region] Регіон «{ $by }»
        [dealer_type] Тип дилера «{ $by }»
        [standard_agreement] Типові умови «{ $by }»
       *[default] Зазвичай
    }{ $scope ->
        [product] {" "}для цього товару
        [price_group] {" "}для цінової групи «{ $what }»
        [category] {" "}для категорії «{ $what }»
        [segment] {" "}для сегмента «{ $what }»
       *[none] {""}
    }: { $form ->
        [type] вид ціни «{ $price_type }»
       *[price] домовлена ціна { $price } { $currency }
    }
trace-base-none = Жодне правило не дає ціни: немає ні умов, ні звичайного виду ціни

## Значення на дату
trace-value-manual = Ціна «{ $price_type }», діє з { $valid_from }: { $price } { $currency }
trace-value-agreed = Домовлена ціна ({ $by }): { $price } { $currency }
trace-value-query = «{ $price_type }» за запитом «{ $query }»: { $price } { $currency }
trace-value-sold = Повертається за ціною продажу від { $date }: { $price } { $currency }, знижка { $percent } %
trace-value-receipt = Ціна останнього надходження: { $price } { $currency }
trace-value-lot = Ціна постачальника «{ $supplier }» за партію від { $from }: { $price } { $currency }
trace-value-kept = Обчислена ціна { $new } { $currency } відрізняється менш як на { $percent } %, тому лишається чинна ціна «{ $price_type }»: { $price } { $currency }
trace-value-markup = «{ $price_type }» — це { $source ->
        [receipt] ціна останнього надходження
        [supply] ціна постачальника
       *[type] «{ $base }»
    } ({ $base_price } { $currency }) плюс { $percent } %: { $price } { $currency }
trace-value-markdown = «{ $price_type }» — це { $source ->
        [receipt] ціна останнього надходження
        [supply] ціна постачальника
       *[type] «{ $base }»
    } ({ $base_price } { $currency }) мінус { $percent } %: { $price } { $currency }
trace-value-formula = «{ $price_type }» за формулою { $formula }: { $price } { $currency }

## Валюта, ПДВ, округлення
trace-convert-rate = З { $from } у { $to } за курсом{ $whose ->
        [named] {" "}«{ $by }»
       *[none] {""}
    } на { $date }: { $per ->
        [1] { $rate } { $in_currency } за 1 { $of_currency }
       *[other] { $rate } { $in_currency } за { $per } { $of_currency }
    }{ $old ->
        [earlier] {" "}(на { $asked } курсу немає, узято останній попередній)
       *[today] {""}
    } — { $price } { $to }
trace-convert-cross = З { $from } у { $to } через { $base } за курсами{ $whose ->
        [named] {" "}«{ $by }»
       *[none] {""}
    } на { $from_date } і { $to_date } (крос-курс { $rate }){ $old ->
        [earlier] {" "}(на { $asked } курсу немає, узято останній попередній)
       *[today] {""}
    }: { $price } { $to }
trace-vat-added = Додано ПДВ { $rate } %: { $price } { $currency }
trace-vat-removed = Вилучено ПДВ { $rate } %: { $price } { $currency }
trace-surcharge = { $whom ->
        [anyone] Для організації
       *[somebody] Для організації «{ $by }»
    }{ $scope ->
        [product] {" "}для цього товару
        [price_group] {" "}для цінової групи «{ $what }»
        [category] {" "}для категорії «{ $what }»
        [segment] {" "}для сегмента «{ $what }»
       *[none] {""}
    }: { $form ->
        [markup] націнка { $percent } %
        [discount] знижка { $percent } %
        [extra] плюс { $off } { $currency }
       *[off] мінус { $off } { $currency }
    }: { $price } { $currency }
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
trace-rounding-minor = Округлено до найменшої одиниці валюти: { $price } { $currency }

## Знижки та введене вручну
trace-adjust = { $form ->
        [markup] Націнка
        [extra] Надбавка
       *[discount] Знижка
    } { $kind ->
        [dealer_discount] типу дилера «{ $by }»
        [special] { $whom ->
            [anyone] за спеціальними умовами
           *[somebody] за спеціальними умовами «{ $by }»
        }
        [agreement] за умовами «{ $by }»
        [contract] за договором «{ $by }»
        [segment] для сегмента клієнтів «{ $by }»
        [period] { $whom ->
            [anyone] на цей період
           *[somebody] на цей період для «{ $by }»
        }
        [quantity] { $whom ->
            [anyone] за кількість від { $from }
           *[somebody] для «{ $by }» за кількість від { $from }
        }
        [payment_form] за форму оплати «{ $by }»
        [card] за карткою «{ $by }»
       *[amount] { $whom ->
            [anyone] за суму замовлення
           *[somebody] для «{ $by }» за суму замовлення
        }
    }{ $scope ->
        [product] {" "}для цього товару
        [price_group] {" "}для цінової групи «{ $what }»
        [category] {" "}для категорії «{ $what }»
        [segment] {" "}для сегмента «{ $what }»
       *[none] {""}
    }: { $form ->
        [discount] { $percent } %
        [markup] { $percent } %
       *[off] { $off } { $currency } за одиницю
    }
trace-adjust-none = На саму ціну знижок немає
trace-adjust-bare = Без знижки, для кількості { $quantity } по { $net } { $currency }
trace-adjust-together = { $algorithm ->
        [cascade] Разом, одна за одною
        [maximum] Разом, найбільша знижка
        [priority] Разом, за пріоритетом
       *[sum] Разом
    }: { $percent } %, для кількості { $quantity } по { $net } { $currency }
trace-net = Ціну після знижок округлено: { $net } { $currency } для кількості { $quantity } (усього { $percent } %)
trace-order = { $source ->
        [bundle] Комплект «{ $by }»
        [gift] Подарунок «{ $by }»
       *[amount] За суму замовлення ({ $by })
    }: { $form ->
        [percent] { $percent } %,{" "}
       *[sum] {""}
    }{ $whole } { $currency } знижки на замовлення, з них { $off } { $currency } на цей рядок
trace-line_discount = Знижка в рядку вказана вручну: { $percent } % (за правилами { $before } %)
trace-line_price = Ціна в рядку вказана вручну: { $price } { $currency } (за правилами { $rule_price } { $currency })
trace-line_price-no_rule = Ціна в рядку вказана вручну: { $price } { $currency } (правила ціни не дають)

## Чому правило не спрацювало
trace-lost-weaker = Точніше правило: { $by }
trace-lost-tie = Раніше йде правило для того самого: { $by }
trace-lost-clash = Суперечить правилу «{ $by }»: обидва для того самого, і незрозуміло, яке перше. Дайте їм різні пріоритети
trace-lost-not_yet = Діє лише з { $date }
trace-lost-expired = Діяло до { $date }
trace-lost-other_company = Для іншої організації
trace-lost-below_quantity = Від кількості { $from }
trace-lost-below_amount = Для замовлень від { $from } { $currency }
trace-lost-used_up = Лише на кількість { $limit }, її вичерпано
trace-lost-fixed_price = Домовлена ціна «{ $by }» остаточна, інші знижки до неї не застосовуються
trace-lost-stopped = «{ $by }» зупиняє всі подальші знижки
trace-lost-group = Не разом з «{ $by }», яка більша
trace-lost-smaller = Діє лише найбільша знижка: { $by }
trace-lost-later = Діє лише перша за пріоритетом: { $by }
trace-lost-no_price = Немає ціни виду «{ $price_type }» на { $date }
trace-lost-no_cost = Собівартість товару невідома, а формула виду «{ $price_type }» її потребує
trace-lost-no_receipt = Товар ще не надходив, а вид «{ $price_type }» потребує ціни надходження
trace-lost-no_supply = Ціна постачальника невідома, а вид «{ $price_type }» її потребує
trace-lost-no_query = Запит виду «{ $price_type }» нічого не знайшов для товару
trace-lost-no_value = Формула виду «{ $price_type }» потребує показника, якого в товару немає
trace-lost-unused_type = Умови використання виду «{ $price_type }» для цього документа не виконуються

## Чому ціни немає
trace-problem-unknown_price_type = Виду ціни не знайдено ({ $id })
trace-problem-no_rate = Немає курсу { $currency } на { $date }{ $whose ->
    [named] {" "}(вид курсу «{ $by }»)
   *[none] {""}
    }
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

## Що потребує погодження і що варто знати
trace-approval-discount = Знижка { $percent } % більша за вашу межу { $limit } %: потрібне погодження
trace-approval-lower = Ціна на { $percent } % нижча за умови, ваша межа { $limit } %: потрібне погодження
trace-approval-higher = Ціна на { $percent } % вища за умови, ваша межа { $limit } %: потрібне погодження
trace-approval-cost = Ціна { $price } { $currency } нижча за собівартість { $cost } { $currency }: потрібне погодження
trace-remark-return = Товар повертають, не вказавши продажу: узято сьогоднішню ціну. Вкажіть продаж, щоб повернути за його ціною
trace-remark-no_category = Товар не має категорії, тож правила за категоріями не діють. Вкажіть її в картці товару
trace-remark-archived = Товар в архіві: його продають лише там, де раніше пообіцяли. Виберіть інший або поверніть його в картці
trace-remark-over_hundred = Знижки перевищили ціну, вона стала нульовою. Перевірте правила, що діють
trace-remark-zero_price = Ціна нульова. Перевірте, чи так і має бути

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
error-rounding_vat_ending = Ціле ПДВ і закінчення ціни виключають одне одного: залиште закінчення порожнім
error-condition_who = Правило цього виду не може бути для них
error-condition_what = Правило цього виду не може бути для таких товарів
error-condition_value = Правилу цього виду потрібне інше значення: ціна або вид ціни для базової ціни, відсоток або сума для знижки
error-condition_price = Ціна не може бути від’ємною
error-condition_percent = Знижка не може бути більшою за 100 %
error-condition_from = Початок не може бути від’ємним
error-condition_limit = Обмежити кількістю можна лише знижку на рядок, і межа має бути більшою за нуль
error-condition_companies = У правилах забагато організацій
error-bundle_members = Комплекту потрібні товари, кожен один раз і з кількістю, більшою за нуль
error-bundle_value = Комплекту потрібна знижка, більша за нуль і не більша за 100 %, або ціна
error-number_malformed = Потрібне число, наприклад 1234.50
error-number_decimals = Забагато знаків після коми: дозволено не більше ніж { $max }
error-number_range = Число завелике
error-number_overflow = Результат обчислення завеликий
error-number_not_positive = Число має бути більшим за нуль
