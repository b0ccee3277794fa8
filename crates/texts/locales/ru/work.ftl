### Страницы работы: мой день, заказы, сделки, карточка партнёра, отчёты.

work-today = сегодня
work-tomorrow = завтра
work-yesterday = вчера
work-days = { $count } дн
work-show_all = показать все
work-as_is = как в документах
work-report_by = Разрез
work-report-sales = Выручка, количество и маржа по месяцам, партнёрам, товарам, менеджерам
work-report-deals = Сколько открыто, выиграно и проиграно, за сколько дней
work-report-settlements = Кто сколько должен и насколько просрочил
work-report-stock = Остаток, резерв и свободное по складам и товарам
work-report-funnel = Сколько сделок доходит до каждой стадии и где их теряем
work-deals_open =
    { $count ->
        [one] { $count } открытая
        [few] { $count } открытые
       *[many] { $count } открытых
    }
work-deals_going =
    { $count ->
        [one] { $count } сделка в работе
        [few] { $count } сделки в работе
       *[many] { $count } сделок в работе
    }
work-no_deals = Открытых сделок нет
work-no_stages = Для этого вида сделок стадии не заданы
work-first_deal = Первая сделка встанет здесь карточкой, которую переносят со стадии на стадию
work-closes = закрытие
work-worth = Сколько
work-goods = Товары
work-participants = Участники
work-no_participants = Участники ещё не названы
work-quote = КП
work-order = Заказ
work-to_order = Заказать
work-call = Звонок
work-mail = Письмо
work-drive = Доехать
work-dial = Набрать
work-done = Сделано
work-task_done = Задача выполнена
work-tasks_mine = Мои
work-tasks_given = Порученные мной
work-tasks_team = Отдел
work-left_of = осталось { $left } из { $all }
work-day_ahead =
    { $count ->
        [one] На сегодня { $count } дело
        [few] На сегодня { $count } дела
       *[many] На сегодня { $count } дел
    }
work-critical_count =
    { $count ->
        [one] { $count } заказ требует внимания
        [few] { $count } заказа требуют внимания
       *[many] { $count } заказов требуют внимания
    }
work-all_orders = все заказы
work-all_documents = все документы
work-all_calm = Всё идёт по плану
work-what_is_wrong = Что не так
work-not_shipped =
    { $count ->
        [one] не отгружено в срок, { $count } день
        [few] не отгружено в срок, { $count } дня
       *[many] не отгружено в срок, { $count } дней
    }
work-paid_not_shipped =
    { $count ->
        [one] оплачено, не отгружено { $count } день
        [few] оплачено, не отгружено { $count } дня
       *[many] оплачено, не отгружено { $count } дней
    }
work-ship_today = отгрузить сегодня
work-payment_late =
    { $count ->
        [one] просрочена оплата, { $count } день
        [few] просрочена оплата, { $count } дня
       *[many] просрочена оплата, { $count } дней
    }
work-draft_waits =
    { $count ->
        [one] черновик ждёт { $count } день
        [few] черновик ждёт { $count } дня
       *[many] черновик ждёт { $count } дней
    }
work-do_ship = отгрузить
work-do_open = открыть
work-do_remind = напомнить
work-do_finish = завершить
work-remind_subject = Напомнить об оплате { $number }
work-owes_late = { $sum } просрочено, { $count } дн
work-recent = Что нового
work-should_be = должно быть { $percent }
work-same_days = Те же дни
work-at_this_pace = При таком темпе
work-where_lost = где теряем
work-talks = Разговоры
work-money = Деньги
work-nothing_yet = Здесь ещё ничего не было
work-parts = Части карточки
work-since = с { $year }
work-led_by = ведёт { $name }
work-to_last_year = к прошлому году
work-orders_open =
    { $count ->
        [one] { $count } открытый заказ
        [few] { $count } открытых заказа
       *[many] { $count } открытых заказов
    }
work-shipped_paid = отгр. { $shipped }, оплата { $paid }
work-overdue = просрочено
work-overdue_sum = { $sum } просрочено
work-ordered = Заказано, не отгружено
work-credit_free = свободный кредит { $free } из { $limit }
work-credit_over = лимит { $limit } превышен на { $over }
work-credit_now = долг { $debt }, заказано { $ordered }
work-not_for_you = Расчёты вам не видны
work-settled_closed = Что закрыто
work-settled_against = Чем закрыт
work-settled_none = Ни один документ ещё не закрыт
work-settled_more = Показаны первые 500 документов
work-settled_lines = Чем закрыты строки
work-settled_more_lines = Показаны первые 100 строк
work-age_8_30 = 8–30 дней
work-free = свободно
work-by_documents = по документам
work-first_rows = Показаны первые { $count }
work-average_check = Средний чек
work-shipments_count = Отгрузок
work-standard_terms = Своего соглашения нет, действует типовое
work-requisites = Реквизиты
work-payment = Оплата
work-quantity = Кол-во
work-unit = Ед.
work-discount = Ск., %
work-before_discounts = До скидок
work-discounts = Скидки
work-net = Без НДС
work-vat = НДС
work-to_pay = К оплате
work-margin_percent = Маржа, %
work-reserved = Резерв
work-shipped = Отгружено
work-paid = Оплачено
work-ship = Отгрузить
work-shipment_made = Отгрузка создана
work-draft_removed = Черновик удалён
work-revision = исправление { $n }
work-with_discount = со скидкой { $percent }: { $price }
work-whose = Чьи сделки
work-step_late = просроченный шаг
work-idle = без движения
work-begin = Первые шаги
work-begin-companies = кто продаёт: название, валюта, страна
work-begin-warehouses = откуда отгружают
work-begin-products = свои или из файла как есть: колонки укажете на месте
work-begin-price-types = розничная, оптовая: хотя бы один, с отметкой «По умолчанию»
work-begin-prices = из файла: артикул и цена, вид цены один на все строки
work-begin-stock-receipts = начальные остатки — поступлением на день начала
work-begin-partners = клиенты и поставщики из файла любого вида
work-begin-opening-balances = кто сколько должен на день начала: незакрытые счета и авансы
work-begin-users = коллеги и их роли
work-begin-sales-orders = партнёр и строки, подтвердить; дальше из карточки — отгрузка и оплата
work-way_set_price = Назначить цену
work-way_type_price = Введите цену в строке или назначьте её для всех
work-way_only = Только { $quantity }
work-way_later = Когда появится
work-way_prepay = Предоплата { $sum }
work-way_limit = Изменить лимит
work-way_debts = Показать долги
work-price_history = История цен
work-prices_on = Цены на { $date }
work-no_prices = Цен на этот товар ещё не записано
work-how_come = Откуда цена
work-price_changes = Изменения цен
work-change = Изменение
work-not_yet = ещё не наступило
work-waits_for_approval = Ждёт согласования отступлений от условий
work-income = Нормативный доход
work-income_orders = по заказам
work-income_quote = по последнему предложению
work-income_lines = по товарам сделки
work-income_unknown = без себестоимости строк: { $n }
work-reach = Как связаться
work-no_way = Ни телефона, ни почты
work-no_talks = Разговоров ещё не было
