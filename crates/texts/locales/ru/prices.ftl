### Rate types, rates, price types, prices, agreements, and the explanation of a price.

rate-types = Виды курсов
    .one = Вид курса
    .new = Новый вид курса
rate-types-direction = Котировка
rate-types-direction-direct = Прямая: сколько базовой валюты за единицу
rate-types-direction-indirect = Обратная: сколько единиц за базовую валюту

rates = Курсы валют
    .one = Курс валюты
    .new = Новый курс валюты
rates-rate = Курс
rates-per = За единиц валюты
rates-date = На дату

price-types = Виды цен
    .one = Вид цены
    .new = Новый вид цены
price-types-method = Как получить цену
price-types-vat = НДС в цене
price-types-usage = Для чего
price-types-rounding = Округление
price-types-rounding_step = Шаг округления
price-types-rounding-step = Шаг
price-types-rounding-mode = Способ
price-types-rounding-ending = Окончание
price-types-threshold_percent = Порог изменения, %
price-types-refinements = Уточнения по категориям

prices = Цены
    .one = Цена
    .new = Новая цена
prices-valid_from = Действует с
prices-price_change_id = Документ изменения цен

price-changes = Изменения цен
    .one = Изменение цен
    .new = Новое изменение цен
price-changes-valid_from = Действует с
price-changes-previous = Прежняя цена
price-changes-date = Дата документа
price-changes-verb-post = Ввести в действие

price-lists = Прайс-листы
    .one = Прайс-лист
    .new = Новый прайс-лист

agreements = Соглашения
    .one = Соглашение
    .new = Новое соглашение
agreements-kind = Вид соглашения
agreements-kind-standard = Типовое
agreements-kind-individual = Индивидуальное
agreements-payment_terms = Условия оплаты
agreements-payment_terms-kind = Порядок оплаты
agreements-payment_terms-kind-prepay = Предоплата
agreements-payment_terms-kind-credit = Отсрочка
agreements-payment_terms-kind-on_delivery = По факту отгрузки
agreements-payment_terms-days = Дней отсрочки
agreements-segment_id = Сегмент партнёров
agreements-standard_id = На основе типового соглашения
agreements-lines = Уточнения по товарам и категориям
agreements-verb-activate = Ввести в действие
agreements-verb-reopen = Вернуть в черновики
agreements-refinements = Уточнения по товарам и категориям
agreements-priority = Приоритет
agreements-discount_percent = Скидка, %
agreements-credit_limit = Лимит кредита
agreements-state-active = Действует
agreements-state-draft = Черновик
agreements-state-approval = На согласовании
agreements-state-closed = Закрыто
agreements-state-cancelled = Отменено
agreements-state-confirmed = Действует

contracts = Договоры
    .one = Договор
    .new = Новый договор

## The explanation of a price; its steps are in pricing.ftl
price-why = Почему такая цена
price-since = Цена действует с { $date }
price-otherwise = Иначе было бы

## Titles of the steps of a price
price-step-base = Откуда берётся цена
price-step-value = Цена на дату
price-step-convert = Валюта
price-step-vat = НДС
price-step-surcharge = Наценка организации
price-step-net_rounding = Округление после скидок
price-step-order = Скидка на заказ
price-step-rounding = Округление
price-step-discount = Скидка
price-step-line_discount = Скидка строки
price-step-line_price = Цена строки
price-step-problem = Почему нет цены
price-step-computed = Цена «{ $price_type }», вычислена: { $price } { $currency }
price-types-ending = Окончание
price-types-mode = Куда округлять
price-types-step = Шаг
error-name_in_formula = Формула вида цены «{ $price_type }» называет его «{ $name }»: пока она не исправлена, цены по ней нет
