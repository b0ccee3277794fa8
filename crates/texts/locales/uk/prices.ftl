### Rate types, rates, price types, prices, agreements, and the explanation of a price.

rate-types = Види курсів
    .one = Вид курсу
    .new = Новий вид курсу
rate-types-direction = Котирування
rate-types-direction-direct = Пряме: скільки базової валюти за одиницю
rate-types-direction-indirect = Зворотне: скільки одиниць за базову валюту

rates = Курси валют
    .one = Курс валюти
    .new = Новий курс валюти
rates-rate = Курс
rates-per = За одиниць валюти
rates-date = На дату

price-types = Види цін
    .one = Вид ціни
    .new = Новий вид ціни
price-types-method = Як отримати ціну
price-types-vat = ПДВ у ціні
price-types-usage = Для чого
price-types-rounding = Округлення
price-types-rounding_step = Крок округлення
price-types-rounding-step = Крок
price-types-rounding-mode = Спосіб
price-types-rounding-ending = Закінчення
price-types-threshold_percent = Поріг зміни, %
price-types-refinements = Уточнення за категоріями

prices = Ціни
    .one = Ціна
    .new = Нова ціна
prices-valid_from = Діє з
prices-price_change_id = Документ зміни цін

price-changes = Зміни цін
    .one = Зміна цін
    .new = Нова зміна цін
price-changes-valid_from = Діє з
price-changes-previous = Попередня ціна
price-changes-date = Дата документа
price-changes-verb-post = Увести в дію

price-lists = Прайс-листи
    .one = Прайс-лист
    .new = Новий прайс-лист

agreements = Умови продажу
    .one = Умови продажу
    .new = Нові умови продажу
agreements-kind = Вид умов
agreements-kind-standard = Типові
agreements-kind-individual = Індивідуальні
agreements-payment_terms = Умови оплати
agreements-payment_terms-kind = Порядок оплати
agreements-payment_terms-kind-prepay = Передоплата
agreements-payment_terms-kind-credit = Відстрочка
agreements-payment_terms-kind-on_delivery = За фактом відвантаження
agreements-payment_terms-days = Днів відстрочки
agreements-segment_id = Сегмент партнерів
agreements-standard_id = На основі типових умов
agreements-lines = Уточнення за товарами й категоріями
agreements-verb-activate = Ввести в дію
agreements-verb-reopen = Повернути в чернетки
agreements-refinements = Уточнення за товарами й категоріями
agreements-priority = Пріоритет
agreements-discount_percent = Знижка, %
agreements-credit_limit = Ліміт кредиту
agreements-state-active = Діють
agreements-state-draft = Чернетка
agreements-state-approval = На погодженні
agreements-state-closed = Закриті
agreements-state-cancelled = Скасовані
agreements-state-confirmed = Діють

contracts = Договори
    .one = Договір
    .new = Новий договір

## The explanation of a price; its steps are in pricing.ftl
price-why = Чому така ціна
price-since = Ціна діє з { $date }
price-otherwise = Інакше було б

## Titles of the steps of a price
price-step-base = Звідки береться ціна
price-step-value = Ціна на дату
price-step-convert = Валюта
price-step-vat = ПДВ
price-step-surcharge = Націнка організації
price-step-net_rounding = Округлення після знижок
price-step-order = Знижка на замовлення
price-step-rounding = Округлення
price-step-discount = Знижка
price-step-line_discount = Знижка рядка
price-step-line_price = Ціна рядка
price-step-problem = Чому немає ціни
price-step-computed = Ціна «{ $price_type }», обчислена: { $price } { $currency }
price-types-ending = Закінчення
price-types-mode = Куди округлювати
price-types-step = Крок
error-name_in_formula = Формула виду ціни «{ $price_type }» називає його «{ $name }»: доки її не виправлено, ціни за нею немає
