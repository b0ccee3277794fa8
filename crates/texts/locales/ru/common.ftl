### Words that all rooms share: the product, languages, calendar, states, verbs, choices, labels of columns.

## The product and languages
app-name = Kontor
lang-uk = Українська
lang-ru = Русский
lang-en = English
choice-uk = Українська
choice-ru = Русский
choice-en = English
yes = Да
no = Нет
none = нет
untitled = (без названия)
dash = —

## Calendar
month-1 = январь
    .of = января
    .short = янв
month-2 = февраль
    .of = февраля
    .short = фев
month-3 = март
    .of = марта
    .short = мар
month-4 = апрель
    .of = апреля
    .short = апр
month-5 = май
    .of = мая
    .short = май
month-6 = июнь
    .of = июня
    .short = июн
month-7 = июль
    .of = июля
    .short = июл
month-8 = август
    .of = августа
    .short = авг
month-9 = сентябрь
    .of = сентября
    .short = сен
month-10 = октябрь
    .of = октября
    .short = окт
month-11 = ноябрь
    .of = ноября
    .short = ноя
month-12 = декабрь
    .of = декабря
    .short = дек
weekday-1 = понедельник
weekday-2 = вторник
weekday-3 = среда
weekday-4 = четверг
weekday-5 = пятница
weekday-6 = суббота
weekday-7 = воскресенье
ago-now = только что
ago-minutes =
    { $count ->
        [one] { $count } минуту назад
        [few] { $count } минуты назад
       *[many] { $count } минут назад
    }
ago-hours =
    { $count ->
        [one] { $count } час назад
        [few] { $count } часа назад
       *[many] { $count } часов назад
    }
ago-days =
    { $count ->
        [one] { $count } день назад
        [few] { $count } дня назад
       *[many] { $count } дней назад
    }
ago-yesterday = вчера
today = сегодня
tomorrow = завтра
yesterday = вчера

## Counted things
count-records =
    { $count ->
        [one] { $count } запись
        [few] { $count } записи
       *[many] { $count } записей
    }
count-documents =
    { $count ->
        [one] { $count } документ
        [few] { $count } документа
       *[many] { $count } документов
    }
count-lines =
    { $count ->
        [one] { $count } строка
        [few] { $count } строки
       *[many] { $count } строк
    }
count-partners =
    { $count ->
        [one] { $count } партнёр
        [few] { $count } партнёра
       *[many] { $count } партнёров
    }
count-products =
    { $count ->
        [one] { $count } товар
        [few] { $count } товара
       *[many] { $count } товаров
    }
count-deals =
    { $count ->
        [one] { $count } сделка
        [few] { $count } сделки
       *[many] { $count } сделок
    }
count-orders =
    { $count ->
        [one] { $count } заказ
        [few] { $count } заказа
       *[many] { $count } заказов
    }
count-tasks =
    { $count ->
        [one] { $count } задача
        [few] { $count } задачи
       *[many] { $count } задач
    }
count-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }
count-days-late =
    { $count ->
        [one] просрочено на { $count } день
        [few] просрочено на { $count } дня
       *[many] просрочено на { $count } дней
    }
count-errors =
    { $count ->
        [one] { $count } ошибка
        [few] { $count } ошибки
       *[many] { $count } ошибок
    }
count-fields =
    { $count ->
        [one] { $count } поле
        [few] { $count } поля
       *[many] { $count } полей
    }
count-changes =
    { $count ->
        [one] { $count } изменение
        [few] { $count } изменения
       *[many] { $count } изменений
    }
count-selected =
    { $count ->
        [one] выбран { $count }
        [few] выбрано { $count }
       *[many] выбрано { $count }
    }
count-steps =
    { $count ->
        [one] { $count } шаг
        [few] { $count } шага
       *[many] { $count } шагов
    }
count-results =
    { $count ->
        [one] { $count } результат
        [few] { $count } результата
       *[many] { $count } результатов
    }

## Sections of the navigation
section-work = Работа
section-sales = Продажи
section-partners = Партнёры
section-catalog = Товары
section-products = Товары
section-prices = Цены
section-stock = Склад
section-finance = Деньги
section-money = Деньги
section-activities = Взаимодействия
section-deals = Сделки
section-settlements = Взаиморасчёты
section-insight = Отчёты
section-reports = Отчёты
section-office = Офис
section-admin = Администрирование
section-settings = Настройки
section-other = Прочее

## States (neutral; a record whose word has a gender gets its own text `{entity}-state-…`)
state-draft = Черновик
state-approval = На согласовании
state-confirmed = Подтверждено
state-posted = Проведено
state-closed = Закрыто
state-cancelled = Отменено
state-reversed = Сторнировано
state-open = Открыто
state-won = Выиграно
state-lost = Проиграно
state-planned = Запланировано
state-in_work = В работе
state-done = Выполнено
state-postponed = Отложено
state-active = Действует
state-archived = В архиве
state-queued = В очереди
state-running = Выполняется
state-failed = Не удалось
state-expired = Срок истёк
state-sent = Отправлено
state-accepted = Принято
state-rejected = Отклонено
state-approved = Согласовано
state-ordered = Заказано
state-blocked = Заблокировано
state-new = Новое

## Derived figures of documents (never states)
status-reserved = Зарезервировано
status-not_shipped = Не отгружено
status-shipped = Отгружено
status-paid = Оплачено
status-overdue = Просрочено
choice-not_shipped = Не отгружено
choice-partly_shipped = Отгружено частично
choice-shipped = Отгружено
choice-partly_paid = Оплачено частично
choice-paid = Оплачено
choice-partial = Частично
choice-full = Полностью

## Verbs, as on buttons
verb-create = Создать
verb-update = Изменить
verb-edit = Редактировать
verb-delete = Удалить
verb-archive = В архив
verb-restore = Вернуть из архива
verb-confirm = Подтвердить
verb-post = Провести
verb-cancel = Отменить
verb-reverse = Сторнировать
verb-revise = Исправить
verb-close = Закрыть
verb-reopen = Открыть снова
verb-open = Открыть
verb-win = Выиграна
verb-lose = Проиграна
verb-move = Перевести
verb-take = Взять в работу
verb-start = Начать
verb-stop = Остановить
verb-plan = Запланировать
verb-done = Выполнено
verb-complete = Завершить
verb-postpone = Отложить
verb-merge = Объединить
verb-undo = Отменить изменение
verb-approve = Согласовать
verb-reject = Отклонить
verb-submit = На согласование
verb-send = Отправить
verb-accept = Принять
verb-activate = Ввести в действие
verb-deactivate = Прекратить действие
verb-block = Заблокировать
verb-reserve = Зарезервировать
verb-ship = Отгрузить
verb-pay = Оплатить
verb-allocate = Распределить
verb-order = Оформить заказ
verb-copy = Скопировать
verb-print = Напечатать
verb-export = Выгрузить
verb-import = Загрузить
verb-read = Просматривать
verb-retry = Повторить
verb-reset_password = Сбросить пароль
verb-change_password = Сменить пароль
verb-sign_out = Выйти
verb-explain = Объяснить
verb-reprice = Поставить цены по условиям
verb-calculate = Рассчитать
verb-recalculate = Пересчитать

## Choices that many columns share
choice-client = Клиент
choice-supplier = Поставщик
choice-competitor = Конкурент
choice-carrier = Перевозчик
choice-manufacturer = Производитель
choice-own_company = Собственная организация
choice-own = Собственные
choice-subcontractor = Субподрядчик
choice-other = Другое
choice-legal = Юридическое лицо
choice-legal_entity = Юридическое лицо
choice-person = Физическое лицо
choice-entrepreneur = Предприниматель (ИП)
choice-goods = Товар
choice-service = Услуга
choice-manual = Вручную
choice-markup = Наценка на другой вид цены
choice-formula = Формула
choice-included = НДС в цене
choice-excluded = НДС сверху
choice-exempt = Без НДС
choice-in = Поступление
choice-out = Списание
choice-direct = Прямой
choice-indirect = Обратный
choice-standard = Типовое
choice-individual = Индивидуальное
choice-prepay = Предоплата
choice-prepayment = Предоплата
choice-credit = Отсрочка
choice-on_delivery = По факту отгрузки
choice-refuse = Запрещать
choice-warn = Предупреждать
choice-allow = Разрешать
choice-block = Запрещать
choice-low = Низкая
choice-normal = Обычная
choice-high = Высокая
choice-urgent = Срочная
choice-mobile = Мобильный
choice-work = Рабочий
choice-home = Домашний
choice-main = Основной
choice-fax = Факс
choice-personal = Личный
choice-all = Все
choice-team = Команды
choice-day = День
choice-week = Неделя
choice-month = Месяц
choice-quarter = Квартал
choice-year = Год
choice-purchase = Закупка
choice-stock = Со склада
choice-transfer = Перемещение
choice-sale = Продажа
choice-sales = Продажа
choice-both = Продажа и закупка
choice-light = Светлая
choice-dark = Тёмная
choice-auto = Как в системе
choice-head = Головной
choice-branch = Филиал
choice-nearest = До ближайшего
choice-up = Вверх
choice-down = Вниз
choice-none = Нет
choice-true = Да
choice-false = Нет

## Labels of columns
field-id = Идентификатор
field-seq = № п/п
field-version = Версия
field-name = Название
field-names = Название на других языках
field-title = Название
field-full_name = Полное имя
field-legal_name = Юридическое название
field-code = Код
field-number = Номер
field-position = Порядок
field-date = Дата
field-period = Период
field-state = Состояние
field-status = Статус
field-kind = Вид
field-kind_id = Вид
field-type = Тип
field-description = Описание
field-comment = Комментарий
field-note = Примечание
field-notes = Примечания
field-text = Текст
field-subject = Тема
field-tags = Метки
field-custom = Дополнительные поля
field-created_at = Создано
field-created_by_id = Создал
field-updated_at = Изменено
field-archived = В архиве
field-posted_at = Проведено в
field-reason = Причина
field-revision = Редакция
field-basis = Основание
field-source = Источник
field-external_id = Код в источнике
field-active = Действует
field-default = По умолчанию
field-is_default = По умолчанию
field-valid_from = Действует с
field-valid_to = Действует до
field-valid_until = Действует до
field-from = От
field-to = До
field-on = Дата
field-recorded_at = Записано
field-as_of = По состоянию на
field-parent_id = Родительская запись
field-path = Путь
field-level = Уровень
field-color = Цвет
field-icon = Значок
field-image = Изображение
field-language = Язык
field-priority = Приоритет
field-search_text = Текст для поиска
field-key = Ключ
field-value = Значение
field-count = Количество
field-settings = Настройки

# People and companies
field-company = Организация
field-company_id = Организация
field-companies = Организации
field-partner = Партнёр
field-partner_id = Партнёр
field-head_partner_id = Головной партнёр
field-counterparty_id = Контрагент
field-contact_id = Контактное лицо
field-contacts = Контактные лица
field-supplier_id = Поставщик
field-manager = Менеджер
field-manager_id = Менеджер
field-user_id = Пользователь
field-author_id = Автор
field-responsible_id = Ответственный
field-role = Роль
field-roles = Роли
field-participants = Участники
field-region = Регион
field-region_id = Регион
field-line_of_business = Сфера деятельности
field-line_of_business_id = Сфера деятельности
field-lead_source = Источник обращения
field-lead_source_id = Источник обращения
field-country = Страна
field-city = Город
field-address = Адрес
field-legal_address = Юридический адрес
field-postal_address = Почтовый адрес
field-ship_to = Адрес доставки
field-phone = Телефон
field-phones = Телефоны
field-email = Электронная почта
field-emails = Электронная почта
field-website = Сайт
field-messengers = Мессенджеры
field-time_zone = Часовой пояс
field-tax_id = Налоговый номер (ИНН)
field-registration_code = Регистрационный код
field-vat_number = Номер плательщика НДС
field-iban = IBAN
field-bank_name = Банк
field-kpp = КПП
field-director = Руководитель
field-birthday = День рождения

# Products, prices
field-product = Товар
field-product_id = Товар
field-products = Товары
field-sku = Артикул
field-barcode = Штрихкод
field-category = Категория
field-category_id = Категория
field-unit = Единица
field-unit_id = Единица измерения
field-currency = Валюта
field-base_currency = Базовая валюта
field-rate = Курс
field-rate_type_id = Вид курса
field-rate_type = Вид курса
field-per = За единиц
field-direction = Направление
field-minor_digits = Знаков после запятой
field-price = Цена
field-new_price = Новая цена
field-price_type = Вид цены
field-price_type_id = Вид цены
field-base_price_type_id = Базовый вид цены
field-manual_price = Цена вручную
field-trace = Объяснение цены
field-markup_percent = Наценка, %
field-discount_percent = Скидка, %
field-discount_amount = Сумма скидки
field-discount = Скидка
field-formula = Формула
field-method = Способ
field-rounding = Округление
field-vat = НДС
field-vat_mode = НДС
field-vat_rate = Ставка НДС
field-vat_percent = Ставка НДС, %
field-vat_amount = Сумма НДС
field-vat_total = НДС всего
field-percent = Процент
field-agreement_id = Соглашение
field-agreement = Соглашение
field-contract_id = Договор
field-segment_id = Сегмент
field-payment_terms = Условия оплаты
field-days = Дней
field-credit_limit = Лимит кредита

# Documents
field-lines = Строки
field-order_line_id = Строка заказа
field-document_id = Документ
field-document = Документ
field-documents = Документов
field-sales_order_id = Заказ клиента
field-order_id = Заказ
field-quote_id = Коммерческое предложение
field-deal_id = Сделка
field-shipment_id = Отгрузка
field-task_id = Задача
field-interaction_id = Взаимодействие
field-warehouse_id = Склад
field-warehouse = Склад
field-quantity = Количество
field-base_quantity = Количество в базовых единицах
field-amount = Сумма
field-net = Без НДС
field-gross = С НДС
field-subtotal = Промежуточный итог
field-total = Итого
field-net_total = Итого без НДС
field-cost = Себестоимость
field-margin = Маржа
field-margin_percent = Маржа, %
field-revenue = Выручка
field-due_date = Срок оплаты
field-due_on = Срок оплаты
field-ship_on = Дата отгрузки
field-reserved = Резерв
field-reserved_quantity = В резерве
field-shipped = Отгружено
field-shipped_quantity = Отгружено
field-paid = Оплачено
field-fulfilment = Выполнение
field-allocations = Распределение по документам
field-allocated = Распределено
field-unallocated = Не распределено
field-purpose = Назначение
field-on_hand = Остаток
field-available = Свободно
field-expected = Ожидается
field-balance = Сальдо
field-debt = Долг
field-overdue = Просрочено
field-prepaid = Аванс
field-opening = На начало
field-closing = На конец
field-debit = Дебет
field-credit = Кредит
field-turnover = Оборот
field-recorder = Документ-регистратор
field-month = Месяц

# Deals, activities
field-stage_id = Стадия
field-stage = Стадия
field-probability = Вероятность, %
field-reason_id = Причина проигрыша
field-loss_reason_id = Причина проигрыша
field-winner_id = Кто выиграл
field-opened_on = Открыта
field-closes_on = Плановое закрытие
field-closed_on = Закрыта
field-won_amount = Выиграно на сумму
field-potential = Потенциал
field-need = Потребность клиента
field-next_step = Следующий шаг
field-due_at = Срок
field-done_at = Выполнено
field-started_at = Начато
field-finished_at = Завершено
field-planned_at = Запланировано на
field-happened_at = Состоялось
field-duration_minutes = Длительность, мин
field-importance = Важность
field-result = Результат
field-rating = Оценка контакта
field-impression = Впечатление

# Access, audit, jobs
field-login = Логин
field-password = Пароль
field-permissions = Права
field-scope = Границы доступа
field-theme = Тема
field-entity = Объект
field-record_id = Запись
field-record = Запись
field-command = Команда
field-action = Действие
field-at = Когда
field-changes = Изменения
field-before = Было
field-after = Стало
field-progress = Выполнено
field-attempts = Попыток
field-error = Ошибка
field-errors = Ошибки
field-file = Файл
field-row = Строка
field-column = Колонка
field-message = Сообщение
field-hint = Подсказка
field-stock_control = Контроль остатков
field-closed_until = Период закрыт до
field-numerator = Числитель
field-denominator = Знаменатель
