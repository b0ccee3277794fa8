### Words that all rooms share: the product, languages, calendar, states, verbs, choices, labels of columns.

## The product and languages
app-name = Kontor
lang-uk = Українська
lang-ru = Русский
lang-en = English
choice-uk = Українська
choice-ru = Русский
choice-en = English
yes = Так
no = Ні
none = немає
untitled = (без назви)
dash = —

## Calendar
month-1 = січень
    .of = січня
    .short = січ
month-2 = лютий
    .of = лютого
    .short = лют
month-3 = березень
    .of = березня
    .short = бер
month-4 = квітень
    .of = квітня
    .short = кві
month-5 = травень
    .of = травня
    .short = тра
month-6 = червень
    .of = червня
    .short = чер
month-7 = липень
    .of = липня
    .short = лип
month-8 = серпень
    .of = серпня
    .short = сер
month-9 = вересень
    .of = вересня
    .short = вер
month-10 = жовтень
    .of = жовтня
    .short = жов
month-11 = листопад
    .of = листопада
    .short = лис
month-12 = грудень
    .of = грудня
    .short = гру
weekday-1 = понеділок
weekday-2 = вівторок
weekday-3 = середа
weekday-4 = четвер
weekday-5 = п’ятниця
weekday-6 = субота
weekday-7 = неділя
ago-now = щойно
ago-minutes =
    { $count ->
        [one] { $count } хвилину тому
        [few] { $count } хвилини тому
       *[many] { $count } хвилин тому
    }
ago-hours =
    { $count ->
        [one] { $count } годину тому
        [few] { $count } години тому
       *[many] { $count } годин тому
    }
ago-days =
    { $count ->
        [one] { $count } день тому
        [few] { $count } дні тому
       *[many] { $count } днів тому
    }
ago-yesterday = вчора
today = сьогодні
tomorrow = завтра
yesterday = вчора

## Counted things
count-records =
    { $count ->
        [one] { $count } запис
        [few] { $count } записи
       *[many] { $count } записів
    }
count-documents =
    { $count ->
        [one] { $count } документ
        [few] { $count } документи
       *[many] { $count } документів
    }
count-lines =
    { $count ->
        [one] { $count } рядок
        [few] { $count } рядки
       *[many] { $count } рядків
    }
count-partners =
    { $count ->
        [one] { $count } партнер
        [few] { $count } партнери
       *[many] { $count } партнерів
    }
count-products =
    { $count ->
        [one] { $count } товар
        [few] { $count } товари
       *[many] { $count } товарів
    }
count-deals =
    { $count ->
        [one] { $count } угода
        [few] { $count } угоди
       *[many] { $count } угод
    }
count-orders =
    { $count ->
        [one] { $count } замовлення
        [few] { $count } замовлення
       *[many] { $count } замовлень
    }
count-tasks =
    { $count ->
        [one] { $count } завдання
        [few] { $count } завдання
       *[many] { $count } завдань
    }
count-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дні
       *[many] { $count } днів
    }
count-days-late =
    { $count ->
        [one] прострочено на { $count } день
        [few] прострочено на { $count } дні
       *[many] прострочено на { $count } днів
    }
count-errors =
    { $count ->
        [one] { $count } помилка
        [few] { $count } помилки
       *[many] { $count } помилок
    }
count-fields =
    { $count ->
        [one] { $count } поле
        [few] { $count } поля
       *[many] { $count } полів
    }
count-changes =
    { $count ->
        [one] { $count } зміна
        [few] { $count } зміни
       *[many] { $count } змін
    }
count-selected =
    { $count ->
        [one] вибрано { $count }
        [few] вибрано { $count }
       *[many] вибрано { $count }
    }
count-steps =
    { $count ->
        [one] { $count } крок
        [few] { $count } кроки
       *[many] { $count } кроків
    }
count-results =
    { $count ->
        [one] { $count } результат
        [few] { $count } результати
       *[many] { $count } результатів
    }

## Sections of the navigation
section-work = Робота
section-sales = Продажі
section-partners = Партнери
section-catalog = Товари
section-products = Товари
section-prices = Ціни
section-stock = Склад
section-finance = Гроші
section-money = Гроші
section-activities = Взаємодії
section-deals = Угоди
section-settlements = Розрахунки
section-insight = Звіти
section-reports = Звіти
section-office = Офіс
section-admin = Адміністрування
section-settings = Налаштування
section-other = Інше

## States (neutral; a record whose word has a gender gets its own text `{entity}-state-…`)
state-draft = Чернетка
state-approval = На погодженні
state-confirmed = Підтверджено
state-posted = Проведено
state-closed = Закрито
state-cancelled = Скасовано
state-reversed = Сторновано
state-open = Відкрито
state-won = Виграно
state-lost = Програно
state-planned = Заплановано
state-in_work = У роботі
state-done = Виконано
state-postponed = Відкладено
state-active = Діє
state-archived = В архіві
state-queued = У черзі
state-running = Виконується
state-failed = Не вдалося
state-expired = Термін минув
state-sent = Надіслано
state-accepted = Прийнято
state-rejected = Відхилено
state-approved = Погоджено
state-ordered = Замовлено
state-blocked = Заблоковано
state-new = Нове

## Derived figures of documents (never states)
status-reserved = Зарезервовано
status-not_shipped = Не відвантажено
status-shipped = Відвантажено
status-paid = Оплачено
status-overdue = Прострочено
choice-not_shipped = Не відвантажено
choice-partly_shipped = Відвантажено частково
choice-shipped = Відвантажено
choice-partly_paid = Оплачено частково
choice-paid = Оплачено
choice-partial = Частково
choice-full = Повністю

## Verbs, as on buttons
verb-create = Створити
verb-update = Змінити
verb-edit = Редагувати
verb-delete = Видалити
verb-archive = В архів
verb-restore = Повернути з архіву
verb-confirm = Підтвердити
verb-post = Провести
verb-cancel = Скасувати
verb-reverse = Сторнувати
verb-revise = Виправити
verb-close = Закрити
verb-reopen = Відкрити знову
verb-open = Відкрити
verb-win = Виграно
verb-lose = Програно
verb-move = Перевести
verb-take = Узяти в роботу
verb-start = Почати
verb-stop = Зупинити
verb-plan = Запланувати
verb-done = Виконано
verb-complete = Завершити
verb-postpone = Відкласти
verb-merge = Об’єднати
verb-undo = Відмінити зміну
verb-approve = Погодити
verb-reject = Відхилити
verb-submit = На погодження
verb-send = Надіслати
verb-accept = Прийняти
verb-activate = Увести в дію
verb-deactivate = Припинити дію
verb-block = Заблокувати
verb-reserve = Зарезервувати
verb-ship = Відвантажити
verb-pay = Оплатити
verb-allocate = Розподілити
verb-order = Оформити замовлення
verb-copy = Скопіювати
verb-print = Надрукувати
verb-export = Вивантажити
verb-import = Завантажити
verb-read = Переглядати
verb-retry = Повторити
verb-reset_password = Скинути пароль
verb-change_password = Змінити пароль
verb-sign_out = Вийти
verb-explain = Пояснити
verb-reprice = Поставити ціни за умовами
verb-calculate = Розрахувати
verb-recalculate = Перерахувати

## Choices that many columns share
choice-client = Клієнт
choice-supplier = Постачальник
choice-competitor = Конкурент
choice-carrier = Перевізник
choice-manufacturer = Виробник
choice-own_company = Власна організація
choice-own = Власні
choice-subcontractor = Субпідрядник
choice-other = Інше
choice-legal = Юридична особа
choice-legal_entity = Юридична особа
choice-person = Фізична особа
choice-entrepreneur = Підприємець (ФОП)
choice-goods = Товар
choice-service = Послуга
choice-manual = Вручну
choice-markup = Націнка на інший вид ціни
choice-formula = Формула
choice-included = ПДВ у ціні
choice-excluded = ПДВ зверху
choice-exempt = Без ПДВ
choice-in = Надходження
choice-out = Витрата
choice-direct = Прямий
choice-indirect = Зворотний
choice-standard = Типові
choice-individual = Індивідуальні
choice-prepay = Передоплата
choice-prepayment = Передоплата
choice-credit = Відстрочка
choice-on_delivery = За фактом відвантаження
choice-refuse = Забороняти
choice-warn = Попереджати
choice-allow = Дозволяти
choice-block = Забороняти
choice-low = Низька
choice-normal = Звичайна
choice-high = Висока
choice-urgent = Термінова
choice-mobile = Мобільний
choice-work = Робочий
choice-home = Домашній
choice-main = Основний
choice-fax = Факс
choice-personal = Особистий
choice-all = Усі
choice-team = Команди
choice-day = День
choice-week = Тиждень
choice-month = Місяць
choice-quarter = Квартал
choice-year = Рік
choice-purchase = Закупівля
choice-stock = Зі складу
choice-transfer = Переміщення
choice-sale = Продаж
choice-sales = Продаж
choice-both = Продаж і закупівля
choice-light = Світла
choice-dark = Темна
choice-auto = Як у системі
choice-head = Головний
choice-branch = Філія
choice-nearest = До найближчого
choice-up = Угору
choice-down = Униз
choice-none = Немає
choice-true = Так
choice-false = Ні

## Labels of columns
field-id = Ідентифікатор
field-seq = № з/п
field-version = Версія
field-name = Назва
field-names = Назва іншими мовами
field-title = Назва
field-full_name = Повне ім’я
field-legal_name = Юридична назва
field-code = Код
field-number = Номер
field-position = Порядок
field-date = Дата
field-period = Період
field-state = Стан
field-status = Статус
field-kind = Вид
field-kind_id = Вид
field-type = Тип
field-description = Опис
field-comment = Коментар
field-note = Примітка
field-notes = Примітки
field-text = Текст
field-subject = Тема
field-tags = Мітки
field-custom = Додаткові поля
field-created_at = Створено
field-created_by_id = Створив
field-updated_at = Змінено
field-archived = В архіві
field-posted_at = Проведено о
field-reason = Причина
field-revision = Редакція
field-basis = Підстава
field-source = Джерело
field-external_id = Код у джерелі
field-active = Діє
field-default = Типово
field-is_default = Типово
field-valid_from = Діє з
field-valid_to = Діє до
field-valid_until = Діє до
field-from = Від
field-to = До
field-on = Дата
field-recorded_at = Записано
field-as_of = Станом на
field-parent_id = Батьківський запис
field-path = Шлях
field-level = Рівень
field-color = Колір
field-icon = Значок
field-image = Зображення
field-language = Мова
field-priority = Пріоритет
field-search_text = Текст для пошуку
field-key = Ключ
field-value = Значення
field-count = Кількість
field-settings = Налаштування

# People and companies
field-company = Організація
field-company_id = Організація
field-companies = Організації
field-partner = Партнер
field-partner_id = Партнер
field-head_partner_id = Головний партнер
field-counterparty_id = Контрагент
field-contact_id = Контактна особа
field-contacts = Контактні особи
field-supplier_id = Постачальник
field-manager = Менеджер
field-manager_id = Менеджер
field-user_id = Користувач
field-author_id = Автор
field-responsible_id = Відповідальний
field-role = Роль
field-roles = Ролі
field-participants = Учасники
field-region = Регіон
field-region_id = Регіон
field-line_of_business = Напрям діяльності
field-line_of_business_id = Напрям діяльності
field-lead_source = Джерело звернення
field-lead_source_id = Джерело звернення
field-country = Країна
field-city = Місто
field-address = Адреса
field-legal_address = Юридична адреса
field-postal_address = Поштова адреса
field-ship_to = Адреса доставки
field-phone = Телефон
field-phones = Телефони
field-email = Електронна пошта
field-emails = Електронна пошта
field-website = Сайт
field-messengers = Месенджери
field-time_zone = Часовий пояс
field-tax_id = Податковий номер
field-registration_code = Код ЄДРПОУ / реєстраційний
field-vat_number = Номер платника ПДВ
field-iban = IBAN
field-bank_name = Банк
field-kpp = КПП
field-director = Керівник
field-birthday = День народження

# Products, prices
field-product = Товар
field-product_id = Товар
field-products = Товари
field-sku = Артикул
field-barcode = Штрихкод
field-category = Категорія
field-category_id = Категорія
field-unit = Одиниця
field-unit_id = Одиниця виміру
field-currency = Валюта
field-base_currency = Базова валюта
field-rate = Курс
field-rate_type_id = Вид курсу
field-rate_type = Вид курсу
field-per = За одиниць
field-direction = Напрям
field-minor_digits = Знаків після коми
field-price = Ціна
field-new_price = Нова ціна
field-price_type = Вид ціни
field-price_type_id = Вид ціни
field-base_price_type_id = Базовий вид ціни
field-manual_price = Ціна вручну
field-trace = Пояснення ціни
field-markup_percent = Націнка, %
field-discount_percent = Знижка, %
field-discount_amount = Сума знижки
field-discount = Знижка
field-formula = Формула
field-method = Спосіб
field-rounding = Округлення
field-vat = ПДВ
field-vat_mode = ПДВ
field-vat_rate = Ставка ПДВ
field-vat_percent = Ставка ПДВ, %
field-vat_amount = Сума ПДВ
field-vat_total = ПДВ разом
field-percent = Відсоток
field-agreement_id = Умови
field-agreement = Умови
field-contract_id = Договір
field-segment_id = Сегмент
field-payment_terms = Умови оплати
field-days = Днів
field-credit_limit = Ліміт кредиту

# Documents
field-lines = Рядки
field-order_line_id = Рядок замовлення
field-document_id = Документ
field-document = Документ
field-documents = Документів
field-sales_order_id = Замовлення клієнта
field-order_id = Замовлення
field-quote_id = Комерційна пропозиція
field-deal_id = Угода
field-shipment_id = Відвантаження
field-task_id = Завдання
field-interaction_id = Взаємодія
field-warehouse_id = Склад
field-warehouse = Склад
field-quantity = Кількість
field-base_quantity = Кількість у базових одиницях
field-amount = Сума
field-net = Без ПДВ
field-gross = З ПДВ
field-subtotal = Проміжний підсумок
field-total = Разом
field-net_total = Разом без ПДВ
field-cost = Собівартість
field-margin = Маржа
field-margin_percent = Маржа, %
field-revenue = Виручка
field-due_date = Строк оплати
field-due_on = Строк оплати
field-ship_on = Дата відвантаження
field-reserved = Резерв
field-reserved_quantity = У резерві
field-shipped = Відвантажено
field-shipped_quantity = Відвантажено
field-paid = Оплачено
field-fulfilment = Виконання
field-allocations = Розподіл за документами
field-allocated = Розподілено
field-unallocated = Не розподілено
field-purpose = Призначення
field-on_hand = Залишок
field-available = Вільно
field-expected = Очікується
field-balance = Сальдо
field-debt = Борг
field-overdue = Прострочено
field-prepaid = Аванс
field-opening = На початок
field-closing = На кінець
field-debit = Дебет
field-credit = Кредит
field-turnover = Оборот
field-recorder = Документ-реєстратор
field-month = Місяць

# Deals, activities
field-stage_id = Стадія
field-stage = Стадія
field-probability = Імовірність, %
field-reason_id = Причина програшу
field-loss_reason_id = Причина програшу
field-winner_id = Хто виграв
field-opened_on = Відкрита
field-closes_on = Планове закриття
field-closed_on = Закрита
field-won_amount = Виграно на суму
field-potential = Потенціал
field-need = Потреба клієнта
field-next_step = Наступний крок
field-due_at = Строк
field-done_at = Виконано
field-started_at = Розпочато
field-finished_at = Завершено
field-planned_at = Заплановано на
field-happened_at = Відбулося
field-duration_minutes = Тривалість, хв
field-importance = Важливість
field-result = Результат
field-rating = Оцінка контакту
field-impression = Враження

# Access, audit, jobs
field-login = Логін
field-password = Пароль
field-permissions = Права
field-scope = Межі доступу
field-theme = Тема
field-entity = Об’єкт
field-record_id = Запис
field-record = Запис
field-command = Команда
field-action = Дія
field-at = Коли
field-changes = Зміни
field-before = Було
field-after = Стало
field-progress = Виконано
field-attempts = Спроб
field-error = Помилка
field-errors = Помилки
field-file = Файл
field-row = Рядок
field-column = Колонка
field-message = Повідомлення
field-hint = Підказка
field-stock_control = Контроль залишків
field-closed_until = Період закрито до
field-numerator = Чисельник
field-denominator = Знаменник
