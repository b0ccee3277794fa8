### Сторінки роботи: мій день, замовлення, угоди, картка партнера, звіти.

work-today = сьогодні
work-tomorrow = завтра
work-yesterday = вчора
work-days = { $count } дн
work-show_all = показати всі
work-as_is = як у документах
work-report_by = Розріз
work-report-sales = Виручка, кількість і маржа за місяцями, партнерами, товарами, менеджерами
work-report-deals = Скільки відкрито, виграно і програно, за скільки днів
work-report-settlements = Хто скільки винен і наскільки прострочив
work-report-stock = Залишок, резерв і вільне за складами та товарами
work-report-funnel = Скільки угод доходить до кожної стадії і де їх губимо
work-deals_open =
    { $count ->
        [one] { $count } відкрита
        [few] { $count } відкриті
       *[many] { $count } відкритих
    }
work-deals_going =
    { $count ->
        [one] { $count } угода в роботі
        [few] { $count } угоди в роботі
       *[many] { $count } угод у роботі
    }
work-no_deals = Відкритих угод немає
work-no_stages = Для цього виду угод стадій не задано
work-first_deal = Перша угода стане тут карткою, яку переносять зі стадії на стадію
work-closes = закриття
work-worth = Скільки
work-goods = Товари
work-participants = Учасники
work-no_participants = Учасників ще не названо
work-quote = КП
work-order = Замовлення
work-to_order = Замовити
work-call = Дзвінок
work-mail = Лист
work-drive = Доїхати
work-dial = Набрати
work-done = Зроблено
work-task_done = Завдання виконано
work-tasks_mine = Мої
work-tasks_given = Доручені мною
work-tasks_team = Відділ
work-left_of = лишилося { $left } з { $all }
work-day_ahead =
    { $count ->
        [one] На сьогодні { $count } справа
        [few] На сьогодні { $count } справи
       *[many] На сьогодні { $count } справ
    }
work-critical_count =
    { $count ->
        [one] { $count } замовлення потребує уваги
        [few] { $count } замовлення потребують уваги
       *[many] { $count } замовлень потребують уваги
    }
work-all_orders = усі замовлення
work-all_documents = усі документи
work-all_calm = Усе йде за планом
work-what_is_wrong = Що не так
work-not_shipped =
    { $count ->
        [one] не відвантажено вчасно, { $count } день
        [few] не відвантажено вчасно, { $count } дні
       *[many] не відвантажено вчасно, { $count } днів
    }
work-paid_not_shipped =
    { $count ->
        [one] оплачено, не відвантажено { $count } день
        [few] оплачено, не відвантажено { $count } дні
       *[many] оплачено, не відвантажено { $count } днів
    }
work-ship_today = відвантажити сьогодні
work-payment_late =
    { $count ->
        [one] прострочена оплата, { $count } день
        [few] прострочена оплата, { $count } дні
       *[many] прострочена оплата, { $count } днів
    }
work-draft_waits =
    { $count ->
        [one] чернетка чекає { $count } день
        [few] чернетка чекає { $count } дні
       *[many] чернетка чекає { $count } днів
    }
work-do_ship = відвантажити
work-do_open = відкрити
work-do_remind = нагадати
work-do_finish = завершити
work-remind_subject = Нагадати про оплату { $number }
work-owes_late = { $sum } прострочено, { $count } дн
work-recent = Що нового
work-should_be = мало бути { $percent }
work-same_days = Ті самі дні
work-at_this_pace = За такого темпу
work-where_lost = де губимо
work-talks = Розмови
work-money = Гроші
work-nothing_yet = Тут ще нічого не було
work-parts = Частини картки
work-since = з { $year }
work-led_by = веде { $name }
work-to_last_year = до минулого року
work-orders_open =
    { $count ->
        [one] { $count } відкрите замовлення
        [few] { $count } відкриті замовлення
       *[many] { $count } відкритих замовлень
    }
work-shipped_paid = відвант. { $shipped }, оплата { $paid }
work-overdue = прострочено
work-overdue_sum = { $sum } прострочено
work-ordered = Замовлено, не відвантажено
work-credit_free = вільний кредит { $free } з { $limit }
work-credit_over = ліміт { $limit } перевищено на { $over }
work-credit_now = борг { $debt }, замовлено { $ordered }
work-not_for_you = Розрахунки вам не видно
work-settled_closed = Що закрито
work-settled_against = Чим закрито
work-settled_none = Жодного документа ще не закрито
work-settled_more = Показано перші 500 документів
work-settled_lines = Чим закрито рядки
work-settled_more_lines = Показано перші 100 рядків
work-age_8_30 = 8–30 днів
work-free = вільно
work-by_documents = за документами
work-first_rows = Показано перші { $count }
work-average_check = Середній чек
work-shipments_count = Відвантажень
work-standard_terms = Власних умов немає, діють типові
work-requisites = Реквізити
work-payment = Оплата
work-quantity = К-сть
work-unit = Од.
work-discount = Зн., %
work-before_discounts = До знижок
work-discounts = Знижки
work-net = Без ПДВ
work-vat = ПДВ
work-to_pay = До сплати
work-margin_percent = Маржа, %
work-reserved = Резерв
work-shipped = Відвантажено
work-paid = Оплачено
work-ship = Відвантажити
work-shipment_made = Відвантаження створено
work-draft_removed = Чернетку видалено
work-revision = виправлення { $n }
work-with_discount = зі знижкою { $percent }: { $price }
work-whose = Чиї угоди
work-step_late = прострочений крок
work-idle = без руху
work-begin = Перші кроки
work-begin-companies = хто продає: назва, валюта, країна
work-begin-warehouses = звідки відвантажують
work-begin-products = свої або з файлу як є: колонки вкажете на місці
work-begin-price-types = роздрібна, гуртова: хоча б один, позначений «За замовчуванням»
work-begin-prices = з файлу: артикул і ціна, вид ціни один на всі рядки
work-begin-stock-receipts = початкові залишки — надходженням на день початку
work-begin-partners = клієнти й постачальники з файлу будь-якої будови
work-begin-opening-balances = хто скільки винен на день початку: незакриті рахунки й аванси
work-begin-users = колеги та їхні ролі
work-begin-sales-orders = партнер і рядки, підтвердити; далі з картки — відвантаження й оплата
work-way_set_price = Призначити ціну
work-way_type_price = Введіть ціну в рядку або призначте її для всіх
work-way_only = Лише { $quantity }
work-way_later = Коли з’явиться
work-way_prepay = Передоплата { $sum }
work-way_limit = Змінити ліміт
work-way_debts = Показати борги
work-price_history = Історія цін
work-prices_on = Ціни на { $date }
work-no_prices = Цін на цей товар ще не записано
work-how_come = Звідки ціна
work-price_changes = Зміни цін
work-change = Зміна
work-not_yet = ще не настало
work-waits_for_approval = Чекає на погодження відступів від умов
work-income = Нормативний дохід
work-income_orders = за замовленнями
work-income_quote = за останньою пропозицією
work-income_lines = за товарами угоди
work-income_unknown = без собівартості рядків: { $n }
work-reach = Як зв’язатися
work-no_way = Ні телефону, ні пошти
work-no_talks = Розмов ще не було
