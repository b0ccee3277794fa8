### Conditions of sale: price lists, conditions, bundles and gifts, limits of users, segments, and what they refer to.

## Dealer types, kinds of orders, forms of payment, loyalty
dealer-types = Типы дилеров
    .one = Тип дилера
    .new = Новый тип дилера
order-types = Виды заказов
    .one = Вид заказа
    .new = Новый вид заказа
payment-forms = Формы оплаты
    .one = Форма оплаты
    .new = Новая форма оплаты
loyalty-programs = Программы лояльности
    .one = Программа лояльности
    .new = Новая программа лояльности
loyalty-cards = Карты лояльности
    .one = Карта лояльности
    .new = Новая карта лояльности
field-program_id = Программа
field-dealer_type_id = Тип дилера
field-price_group_id = Ценовая группа
field-price_list_id = Прайс-лист
field-order_type_id = Вид заказа
field-deal_kind_id = Вид сделки
field-payment_form_id = Форма оплаты
field-loyalty_program_id = Программа лояльности
field-loyalty_card_id = Карта лояльности
field-product_segment_id = Сегмент товаров
field-from_quantity = От количества
field-from_amount = От суммы заказа
field-limit_quantity = Не больше единиц
field-amount_off = Сумма
field-final_price = Цена без дальнейших скидок
field-recipient_id = Получатель
field-exclusive_group = Группа взаимного исключения
field-stop = Дальше скидок нет

## Segments
segments-members = Кто в сегменте
segments-members-partners = Партнёры
segments-members-products = Товары
segments-filter = Отбор

## Price lists
price-lists-price_type_id = На основе вида цены
price-lists-lines = Собственные цены
price-lists-rounding-step = Шаг
price-lists-rounding-mode = Способ
price-lists-rounding-ending = Окончание

## Conditions
price-conditions = Ценовые условия
    .one = Ценовое условие
    .new = Новое ценовое условие
price-conditions-kind-special_price = Специальная цена
price-conditions-kind-order_type = Цена для вида заказа
price-conditions-kind-deal_kind = Цена для вида сделки
price-conditions-kind-company_list = Прайс-лист организации
price-conditions-kind-region = Цена для региона
price-conditions-kind-dealer_type = Цена для типа дилера
price-conditions-kind-surcharge = Наценка организации
price-conditions-kind-dealer_discount = Скидка типа дилера
price-conditions-kind-special = Специальная скидка
price-conditions-kind-segment = Скидка сегмента
price-conditions-kind-period = Скидка на период
price-conditions-kind-quantity = Скидка за количество
price-conditions-kind-payment_form = Скидка за форму оплаты
price-conditions-kind-card = Скидка по карте
price-conditions-kind-amount = Скидка за сумму заказа
price-conditions-kind-rebate = Ретробонус
price-conditions-percent = Процент
price-conditions-company_id = Только для организации

## Bundles and gifts
promotions = Комплекты и подарки
    .short = Комплекты
    .one = Комплект или подарок
    .new = Новый комплект или подарок
promotions-kind-bundle = Комплект
promotions-kind-gift = Подарок
promotions-bundle_price = Цена комплекта
promotions-limit_bundles = Комплектов не больше
promotions-gift_product_id = Подарок
promotions-gift_quantity = Количество подарка
promotions-repeat = За каждое такое количество
promotions-lines = Состав комплекта

## Limits of users
price-limits = Ограничения цен
    .one = Ограничение цен
    .new = Новое ограничение цен
price-limits-algorithm = Как сочетаются скидки
price-limits-algorithm-sum = Складываются
price-limits-algorithm-maximum = Наибольшая
price-limits-algorithm-cascade = Одна за другой
price-limits-algorithm-priority = По приоритету
price-limits-discount_max = Скидка не больше, %
price-limits-price_down_max = Ниже цены по условиям не больше, %
price-limits-price_up_max = Выше цены по условиям не больше, %
price-limits-below_cost = Ниже себестоимости — по согласованию
price-limits-margin_min = Маржа документа не меньше, %

## What is wrong with a rule
error-condition_not_used = Для вида «{ $kind }» это поле не заполняют
error-condition_one_who = Укажите что-то одно: для кого действует правило
error-condition_one_value = Укажите что-то одно: цену, процент или сумму
error-condition_one_start = Укажите или количество, или сумму заказа
error-condition_for_all = Эта скидка действует для всех клиентов и на все товары: выберите, для кого или на что она, если имелось в виду иное
error-overlap_possible = Могут действовать вместе: «{ $rule_a }» и «{ $rule_b }»; дайте им разные приоритеты
error-segment_filter = Отбор не читается: { $value }

## Agreements and contracts
field-payment_stages = График оплаты
agreements-payment_stages-kind = Порядок
agreements-payment_stages-kind-prepay = Предоплата
agreements-payment_stages-kind-credit = Отсрочка
agreements-payment_stages-kind-on_delivery = По факту отгрузки
agreements-payment_stages-percent = Доля, %
agreements-payment_stages-days = Дней
agreements-settlement_by = Расчёты ведутся
agreements-settlement_by-agreement = По соглашению в целом
agreements-settlement_by-contract = По договору
agreements-settlement_by-order = По каждому заказу
field-delivery_terms = Условия доставки
agreements-tax_regime = Налогообложение
agreements-tax_regime-vat = С НДС
agreements-tax_regime-simplified = Упрощённое
agreements-tax_regime-no_vat = Без НДС
agreements-tax_regime-export = Экспорт
contracts-lines = График поставки
contracts-due_on = Поставить до
contracts-remind_days = Напомнить за дней до конца
contracts-reminded_for = Напомнено об окончании
contracts-payment_terms = Условия оплаты
contracts-payment_terms-kind = Порядок оплаты
contracts-payment_terms-kind-prepay = Предоплата
contracts-payment_terms-kind-credit = Отсрочка
contracts-payment_terms-kind-on_delivery = По факту отгрузки
contracts-payment_terms-days = Дней отсрочки
contracts-reminder = Договор { $number } заканчивается { $date }
jobs-kind-contract-reminders = Напоминания о договорах
companies-terms_control = Отклонения от соглашения
companies-terms_control-approve = Согласовывать
companies-terms_control-warn = Предупреждать
companies-terms_control-allow = Разрешать
error-agreement_not_standard = Это не действующее типовое соглашение
error-stages_not_whole = Этапы вместе должны дать 100 %, а дают { $sum } %
error-outside_contract = Дата вне срока действия договора

## Departures from the terms
sales-orders-deviations = Отклонения от условий
sales-orders-deviations-field = Поле
sales-orders-deviations-code = Что не так
sales-orders-deviations-args = Показатели
error-deviation_price_below = Цена { $price } ниже цены по условиям { $agreed } на { $percent } %
error-deviation_price_above = Цена { $price } выше цены по условиям { $agreed } на { $percent } %
error-deviation_discount = Скидка { $percent } % больше разрешённой { $agreed } %
error-deviation_below_cost = Сумма { $amount } ниже себестоимости { $cost }
error-deviation_too_low = Сумма строки требует согласования
error-deviation_margin = Маржа документа { $percent } % меньше разрешённой { $agreed } %
error-deviation_earns_little = Документ в целом требует согласования
error-deviation_payment = Оплата позже, чем договорено: { $days } дн. вместо { $agreed }
error-deviation_currency = Валюта { $currency } вместо { $agreed }
error-deviation_agreement = Соглашение «{ $agreement }» на { $date } не действует
error-deviation_contract = Договор { $contract } на { $date } не действует

## Why not another price
price-why_not-already = Это и есть цена по правилам
price-why_not-none = Ни одно изменение не даст такой цены
price-why_not-card = С картой { $value }: { $price }
price-why_not-payment_form = При форме оплаты «{ $value }»: { $price }
price-why_not-agreement = По соглашению «{ $value }»: { $price }
price-why_not-contract = По договору { $value }: { $price }
price-why_not-quantity = От количества { $value }: { $price }
price-why_not-order_amount = От суммы заказа { $value }: { $price }
price-why_not-date = Если дата { $value }: { $price }
price-why_not-by_hand = Поставить цену вручную: { $price }

## The price workbench
edited-prices = Редактируемые цены
    .one = Редактируемая цена
    .new = Новая редактируемая цена
edited-prices-effective_price = Действующая цена
edited-prices-changed = Отличается от действующей
price-changes-job_id = Групповое изменение
verb-edit_prices = Изменить цены группой
verb-apply_prices = Ввести редактируемые цены в действие
verb-take_prices_back = Вернуть прежние цены
price-types-operation = Действие
price-types-operation-set = Задать цену
price-types-operation-effective = Взять действующую цену
price-types-operation-percent = Изменить на процент
price-types-operation-coefficient = Умножить на коэффициент
price-types-operation-add = Добавить сумму
price-types-operation-price_type = Взять из другого вида цен
price-types-operation-formula = По формуле
price-types-operation-round = Округлить
price-types-operation-fit_vat = Подогнать под НДС
price-types-operation-discard = Убрать редактируемые
price-types-coefficient = Коэффициент
price-types-add = Добавить
price-types-from_price_type_id = Из вида цен
price-types-filter = Отбор товаров
price-types-as_draft = Черновики на согласование
field-job_id = Групповое изменение
jobs-kind-edit-prices = Редактирование цен
jobs-kind-apply-prices = Ввод цен в действие
jobs-kind-take-prices-back = Возврат цен
price-job-edit = Редактирование цен: { $price_type }
price-job-apply = Ввод цен в действие: { $price_type }
price-job-back = Возврат цен: { $price_type }
error-job_running = Задание ещё выполняется

## The simulator
verb-simulate = Испытать на прошлых заказах
price-conditions-filter = Отбор заказов
price-conditions-more_percent = Показать клиентов, которые будут платить больше чем на, %
price-conditions-removed = Как если бы условия не было
price-conditions-instead_of_id = Вместо условия
price-job-simulate = Испытание правила: { $rule }
jobs-kind-simulate-prices = Испытание ценовых правил

## Refinements of price types
price-types-rounding_ranges = Округление по размеру цены
price-types-rounding_ranges-from = От цены
price-types-rounding_ranges-step = Шаг
price-types-rounding_ranges-mode = Куда округлять
price-types-rounding_ranges-ending = Окончание
price-types-refinements-price_group_id = Ценовая группа
price-types-refinements-base_price_type_id = На основе вида цены
price-types-refinements-markup_percent = Наценка, %
price-types-refinements-formula = Формула
