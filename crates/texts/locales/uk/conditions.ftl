### Conditions of sale: price lists, conditions, bundles and gifts, limits of users, segments, and what they refer to.

## Dealer types, kinds of orders, forms of payment, loyalty
dealer-types = Типи дилерів
    .one = Тип дилера
    .new = Новий тип дилера
order-types = Види замовлень
    .one = Вид замовлення
    .new = Новий вид замовлення
payment-forms = Форми оплати
    .one = Форма оплати
    .new = Нова форма оплати
loyalty-programs = Програми лояльності
    .one = Програма лояльності
    .new = Нова програма лояльності
loyalty-cards = Картки лояльності
    .one = Картка лояльності
    .new = Нова картка лояльності
field-program_id = Програма
field-dealer_type_id = Тип дилера
field-price_group_id = Цінова група
field-price_list_id = Прайс-лист
field-order_type_id = Вид замовлення
field-deal_kind_id = Вид угоди
field-payment_form_id = Форма оплати
field-loyalty_program_id = Програма лояльності
field-loyalty_card_id = Картка лояльності
field-product_segment_id = Сегмент товарів
field-from_quantity = Від кількості
field-from_amount = Від суми замовлення
field-limit_quantity = Не більше одиниць
field-amount_off = Сума
field-final_price = Ціна без подальших знижок
field-recipient_id = Одержувач
field-exclusive_group = Група взаємного виключення
field-stop = Далі знижок немає

## Segments
segments-members = Хто в сегменті
segments-members-partners = Партнери
segments-members-products = Товари
segments-filter = Відбір

## Price lists
price-lists-price_type_id = На основі виду ціни
price-lists-lines = Власні ціни
price-lists-rounding-step = Крок
price-lists-rounding-mode = Спосіб
price-lists-rounding-ending = Закінчення

## Conditions
price-conditions = Цінові умови
    .one = Цінова умова
    .new = Нова цінова умова
price-conditions-kind-special_price = Спеціальна ціна
price-conditions-kind-order_type = Ціна для виду замовлення
price-conditions-kind-deal_kind = Ціна для виду угоди
price-conditions-kind-company_list = Прайс-лист організації
price-conditions-kind-region = Ціна для регіону
price-conditions-kind-dealer_type = Ціна для типу дилера
price-conditions-kind-surcharge = Націнка організації
price-conditions-kind-dealer_discount = Знижка типу дилера
price-conditions-kind-special = Спеціальна знижка
price-conditions-kind-segment = Знижка сегмента
price-conditions-kind-period = Знижка на період
price-conditions-kind-quantity = Знижка за кількість
price-conditions-kind-payment_form = Знижка за форму оплати
price-conditions-kind-card = Знижка за карткою
price-conditions-kind-amount = Знижка за суму замовлення
price-conditions-kind-rebate = Ретробонус
price-conditions-percent = Відсоток
price-conditions-company_id = Лише для організації

## Bundles and gifts
promotions = Комплекти й подарунки
    .short = Комплекти
    .one = Комплект або подарунок
    .new = Новий комплект або подарунок
promotions-kind-bundle = Комплект
promotions-kind-gift = Подарунок
promotions-bundle_price = Ціна комплекту
promotions-limit_bundles = Комплектів не більше
promotions-gift_product_id = Подарунок
promotions-gift_quantity = Кількість подарунка
promotions-repeat = За кожну таку кількість
promotions-lines = Склад комплекту

## Limits of users
price-limits = Обмеження цін
    .one = Обмеження цін
    .new = Нове обмеження цін
price-limits-algorithm = Як поєднуються знижки
price-limits-algorithm-sum = Додаються
price-limits-algorithm-maximum = Найбільша
price-limits-algorithm-cascade = Одна за одною
price-limits-algorithm-priority = За пріоритетом
price-limits-discount_max = Знижка не більше, %
price-limits-price_down_max = Нижче ціни за умовами не більше, %
price-limits-price_up_max = Вище ціни за умовами не більше, %
price-limits-below_cost = Нижче собівартості — за погодженням
price-limits-margin_min = Маржа документа не менше, %

## What is wrong with a rule
error-condition_not_used = Для виду «{ $kind }» це поле не заповнюють
error-condition_one_who = Вкажіть щось одне: для кого діє правило
error-condition_one_value = Вкажіть щось одне: ціну, відсоток чи суму
error-condition_one_start = Вкажіть або кількість, або суму замовлення
error-condition_for_all = Ця знижка діє для всіх клієнтів і на всі товари: виберіть, для кого або на що вона, якщо малося на увазі інше
error-overlap_possible = Можуть діяти разом: «{ $rule_a }» і «{ $rule_b }»; дайте їм різні пріоритети
error-segment_filter = Відбір не читається: { $value }

## Agreements and contracts
field-payment_stages = Графік оплати
agreements-payment_stages-kind = Порядок
agreements-payment_stages-kind-prepay = Передоплата
agreements-payment_stages-kind-credit = Відстрочка
agreements-payment_stages-kind-on_delivery = За фактом відвантаження
agreements-payment_stages-percent = Частка, %
agreements-payment_stages-days = Днів
agreements-settlement_by = Розрахунки ведуться
agreements-settlement_by-agreement = За умовами в цілому
agreements-settlement_by-contract = За договором
agreements-settlement_by-order = За кожним замовленням
field-delivery_terms = Умови доставки
agreements-tax_regime = Оподаткування
agreements-tax_regime-vat = З ПДВ
agreements-tax_regime-simplified = Спрощене
agreements-tax_regime-no_vat = Без ПДВ
agreements-tax_regime-export = Експорт
contracts-lines = Графік постачання
contracts-due_on = Поставити до
contracts-remind_days = Нагадати за днів до кінця
contracts-reminded_for = Нагадано про кінець
contracts-payment_terms = Умови оплати
contracts-payment_terms-kind = Порядок оплати
contracts-payment_terms-kind-prepay = Передоплата
contracts-payment_terms-kind-credit = Відстрочка
contracts-payment_terms-kind-on_delivery = За фактом відвантаження
contracts-payment_terms-days = Днів відстрочки
contracts-reminder = Договір { $number } закінчується { $date }
jobs-kind-contract-reminders = Нагадування про договори
companies-terms_control = Відхилення від умов продажу
companies-terms_control-approve = Погоджувати
companies-terms_control-warn = Попереджати
companies-terms_control-allow = Дозволяти
error-agreement_not_standard = Це не чинні типові умови
error-stages_not_whole = Етапи разом мають дати 100 %, а дають { $sum } %
error-outside_contract = Дата поза строком дії договору

## Departures from the terms
sales-orders-deviations = Відхилення від умов
sales-orders-deviations-field = Поле
sales-orders-deviations-code = Що не так
sales-orders-deviations-args = Показники
error-deviation_price_below = Ціна { $price } нижча за ціну за умовами { $agreed } на { $percent } %
error-deviation_price_above = Ціна { $price } вища за ціну за умовами { $agreed } на { $percent } %
error-deviation_discount = Знижка { $percent } % більша за дозволену { $agreed } %
error-deviation_below_cost = Сума { $amount } нижча за собівартість { $cost }
error-deviation_too_low = Сума рядка потребує погодження
error-deviation_margin = Маржа документа { $percent } % менша за дозволену { $agreed } %
error-deviation_earns_little = Документ загалом потребує погодження
error-deviation_payment = Оплата пізніша, ніж домовлено: { $days } дн. замість { $agreed }
error-deviation_currency = Валюта { $currency } замість { $agreed }
error-deviation_agreement = Умови «{ $agreement }» на { $date } не діють
error-deviation_contract = Договір { $contract } на { $date } не діє

## Why not another price
price-why_not-already = Це і є ціна за правилами
price-why_not-none = Жодна зміна не дасть такої ціни
price-why_not-card = З карткою { $value }: { $price }
price-why_not-payment_form = За форми оплати «{ $value }»: { $price }
price-why_not-agreement = За умовами «{ $value }»: { $price }
price-why_not-contract = За договором { $value }: { $price }
price-why_not-quantity = Від кількості { $value }: { $price }
price-why_not-order_amount = Від суми замовлення { $value }: { $price }
price-why_not-date = Якщо дата { $value }: { $price }
price-why_not-by_hand = Поставити ціну вручну: { $price }

## The price workbench
edited-prices = Редаговані ціни
    .one = Редагована ціна
    .new = Нова редагована ціна
edited-prices-effective_price = Діюча ціна
edited-prices-changed = Відрізняється від діючої
price-changes-job_id = Групова зміна
verb-edit_prices = Змінити ціни групою
verb-apply_prices = Ввести редаговані ціни в дію
verb-take_prices_back = Повернути попередні ціни
price-types-operation = Дія
price-types-operation-set = Задати ціну
price-types-operation-effective = Узяти діючу ціну
price-types-operation-percent = Змінити на відсоток
price-types-operation-coefficient = Помножити на коефіцієнт
price-types-operation-add = Додати суму
price-types-operation-price_type = Узяти з іншого виду цін
price-types-operation-formula = За формулою
price-types-operation-round = Округлити
price-types-operation-fit_vat = Підігнати під ПДВ
price-types-operation-discard = Прибрати редаговані
price-types-coefficient = Коефіцієнт
price-types-add = Додати
price-types-from_price_type_id = З виду цін
price-types-filter = Відбір товарів
price-types-as_draft = Чернетки на погодження
field-job_id = Групова зміна
jobs-kind-edit-prices = Редагування цін
jobs-kind-apply-prices = Введення цін у дію
jobs-kind-take-prices-back = Повернення цін
price-job-edit = Редагування цін: { $price_type }
price-job-apply = Введення цін у дію: { $price_type }
price-job-back = Повернення цін: { $price_type }
error-job_running = Завдання ще виконується

## The simulator
verb-simulate = Випробувати на минулих замовленнях
price-conditions-filter = Відбір замовлень
price-conditions-more_percent = Показати клієнтів, що платитимуть більше ніж на, %
price-conditions-removed = Ніби умови немає
price-conditions-instead_of_id = Замість умови
price-job-simulate = Випробування правила: { $rule }
jobs-kind-simulate-prices = Випробування цінових правил

## Refinements of price types
price-types-rounding_ranges = Округлення за розміром ціни
price-types-rounding_ranges-from = Від ціни
price-types-rounding_ranges-step = Крок
price-types-rounding_ranges-mode = Куди округлювати
price-types-rounding_ranges-ending = Закінчення
price-types-refinements-price_group_id = Цінова група
price-types-refinements-base_price_type_id = На основі виду ціни
price-types-refinements-markup_percent = Націнка, %
price-types-refinements-formula = Формула
