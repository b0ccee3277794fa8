### Words of pages: shell, sign-in, home, lists, cards, editors, palette, keys, history, import, errors.

## Shell
page-home = Мій день
page-search = Знайти, перейти, зробити…
page-menu = Меню
page-more = Ще
page-all = Усі
page-skip = До вмісту
page-main_navigation = Головна навігація
page-settings = Налаштування
page-profile = Профіль
page-profile-password = Пароль
page-profile-old_password = Теперішній пароль
page-profile-new_password = Новий пароль
page-profile-password_hint = Щонайменше 10 символів. Інші пристрої та токени програм доведеться під’єднати знову.
page-profile-change_password = Змінити пароль
page-profile-password_changed = Пароль змінено, інші сеанси завершено
page-profile-tokens = Токени програм
page-profile-token_label = Для чого
page-profile-token_life = Діє
page-profile-token_made = Створено
page-profile-token_used = Користувалися
page-profile-token_until = Діє до
page-profile-token_once = Скопіюйте токен: більше його не буде видно.
page-profile-no_tokens = Токенів немає. Токен дає програмі ваші права.
page-profile-make_token = Створити токен
page-profile-revoke = Відкликати
page-profile-days_30 = 30 днів
page-profile-days_90 = 90 днів
page-profile-days_365 = рік
page-profile-for_ever = безстроково
page-language = Мова
page-theme = Вигляд
page-theme-light = Світлий
page-theme-dark = Темний
page-theme-auto = Як у системі
page-help = Клавіші
page-notifications = Сповіщення
page-pinned = Закріплене
page-recent = Нещодавнє
page-company = Організація
page-offline = Немає зв’язку із сервером. Введене збережено на цьому комп’ютері
page-loading = Завантаження…
page-version = Версія

## Signing in
page-sign_in = Вхід
page-sign_in-title = Вхід до Kontor
page-sign_in-login = Логін
page-sign_in-password = Пароль
page-sign_in-code = Код підтвердження
page-sign_in-button = Увійти
page-sign_in-demo = Демонстрація: виберіть, ким увійти
page-sign_out = Вийти
page-signed_out = Ви вийшли із системи

## Home
page-home-my_tasks = Мої завдання
page-home-today = На сьогодні
page-home-tomorrow = На завтра
page-home-overdue = Прострочено
page-home-critical_orders = Замовлення, що потребують уваги
page-home-open_deals = Відкриті угоди
page-home-sales_month = Продажі за місяць
page-home-debts = Хто нам винен
page-home-funnel = Воронка
page-home-whom_to_call = Кому дзвонити
page-home-low_stock = Закінчується на складі
page-home-plan = План
page-home-fact = Факт
page-home-nothing_today = На сьогодні справ немає

## Lists
page-list-new = Створити
page-list-filter = Відбір
page-list-filter_hint = Наприклад: Київ борг>1000
page-list-filter_remove = Прибрати умову
page-list-filter_clear = Прибрати всі умови
page-list-search = Пошук у списку
page-list-sort = Порядок
page-list-group = Групувати
page-list-columns = Колонки
page-list-views = Подання
page-list-totals = Разом по всьому списку
page-list-ungrouped = Без груп
page-list-how_many = Скільки
page-list-without_value = без значення
page-list-groups_cut = Показано найбільші групи
page-list-share_view = Показувати й колегам
page-list-looks = Вигляд
page-list-open = Відкриті
page-list-save_view = Зберегти подання
page-list-export = Вивантажити
page-list-import = Завантажити
page-list-count = Порахувати всі
page-list-shown = Показано { $count }
page-list-next = Далі
page-list-previous = Назад
page-list-first = На початок
page-list-load_more = Показати ще
page-list-select = Вибрати
page-list-select_all = Вибрати все за відбором
page-list-unselect = Зняти вибір
page-list-bulk = Дії з вибраними
page-list-archived = Показати архівні
page-list-peek = Швидкий перегляд
page-list-empty = Тут ще нічого немає
page-list-empty_hint = Створіть перший запис або завантажте з файлу
page-list-empty_facts = Записи тут з’являються самі: з документів, завантажень і роботи програми
page-list-no_match = За умовами нічого не знайдено
page-list-newest = Збігів дуже багато, тож спершу найновіші.
page-list-newest_sort = Показати за порядком списку
page-list-no_match_search = Нічого не знайдено за «{ $value }»
page-list-total = Разом за відбором
page-list-board = Дошка
page-list-table = Список
page-list-funnel = Воронка
page-list-mine = Мої
page-list-team = Команди
page-list-all = Усі

## Conditions of filters
op-eq = дорівнює
op-ne = не дорівнює
op-lt = менше
op-le = не більше
op-gt = більше
op-ge = не менше
op-in = одне з
op-contains = містить
op-starts = починається з
op-empty = порожнє
op-not_empty = заповнене

## Cards and forms
page-card-overview = Огляд
page-card-details = Подробиці
page-card-main = Основне
page-card-history = Історія змін
page-card-timeline = Хронологія
page-card-documents = Документи
page-card-related = Пов’язане
page-card-lines = Рядки
page-card-files = Файли
page-card-movements = Рухи за регістрами
page-card-open = Відкрите
page-card-edit = Редагувати
page-card-save = Зберегти
page-card-save_and_new = Зберегти і створити ще
page-card-cancel = Скасувати
page-card-close = Закрити
page-card-back = Назад
page-card-actions = Дії
page-card-create_from = Створити на підставі
page-card-print = Друк
page-card-pin = Закріпити
page-card-required = обов’язкове
page-card-optional = необов’язкове
page-card-choose = Виберіть…
page-card-nothing_found = Нічого не знайдено
page-card-create_named = Створити «{ $value }»
page-card-add = Додати
page-card-remove = Прибрати
page-card-unsaved = Є незбережені зміни
page-card-draft_saved = Чернетку збережено о { $time }
page-card-draft_found = Знайдено вашу чернетку від { $time }
page-card-draft_use = Продовжити чернетку
page-card-draft_drop = Відкинути чернетку
page-card-as_of = Станом на { $date }
page-card-archived = Цей запис в архіві

## Saved, undone, refused
page-saved = Збережено
page-created = Створено: { $title }
page-changed = Змінено: { $title }
page-removed = Видалено: { $title }
page-done = { $verb }: { $title }
page-undo = Повернути як було
page-undone = Повернуто як було
page-nothing_changed = Нічого не змінено
page-copy = Скопіювати
page-copied = Скопійовано
page-sure = Точно?
page-confirm_reverse = Сторнувати «{ $title }»? Рухи буде знято на дату { $date }
page-not_needed = Не треба

## Conflict of two editors
page-conflict = Розбіжність
page-conflict-title = Обоє змінили одне поле
page-conflict-base = Було
page-conflict-theirs = Зараз у записі
page-conflict-yours = Ви написали
page-conflict-take_theirs = Лишити як у записі
page-conflict-take_yours = Записати моє
page-conflict-by = { $name }, { $time }
page-conflict-joined =
    { $count ->
        [one] Решту { $count } поле поєднано
        [few] Решту { $count } поля поєднано
       *[many] Решту { $count } полів поєднано
    } без розбіжностей

## Partner card
page-partner-who = Хто
page-partner-owe = Розрахунки
page-partner-going_on = Що відбувається
page-partner-next = Далі
page-partner-turnover = Оборот, 12 місяців
page-partner-ageing = Борг за строками
page-partner-contacts = Контакти
page-partner-terms = Умови
page-partner-relations = Зв’язки
page-partner-holding = Холдинг
page-partner-no_contacts = Контактних осіб ще немає
page-partner-no_next_step = Наступний крок не заплановано
page-partner-plan_next = Запланувати крок
page-partner-note_talk = Занотувати розмову, поставити завдання…
page-partner-no_debt = Боргу немає

## Order editor
page-order-paste = Вставити з Excel
page-order-totals = Підсумки
page-order-vat_included = у т. ч. ПДВ
page-order-margin = Маржа
page-order-available = вільно
page-order-why_price = Чому така ціна
page-order-blockers = Що заважає провести
page-order-no_blockers = Перешкод немає
page-order-chain = Ланцюжок документів
page-order-partner_first = Спершу виберіть партнера

## Deals
page-deals-board = Дошка угод
page-deals-weighted = зважено { $amount }
page-deals-idle =
    { $count ->
        [one] { $count } день без руху
        [few] { $count } дні без руху
       *[many] { $count } днів без руху
    }
page-deals-moved = «{ $title }» тепер на стадії «{ $stage }»
page-deals-no_stage = Без стадії
page-deals-won = Виграні
page-deals-lost = Програні
page-deals-open = Відкриті

## Reports
page-report-period = Період
page-report-from = З
page-report-to = По
page-report-currency = У валюті
page-report-show = Показати
report-only = Показати
page-report-parameters = Параметри
page-report-chart = Графік
page-report-table = Таблиця
page-report-export = Вивантажити
page-report-drill = До документів
page-report-this_month = Цей місяць
page-report-last_month = Минулий місяць
page-report-this_quarter = Цей квартал
page-report-this_year = Цей рік
page-report-last_12_months = 12 місяців
page-report-all_time = За весь час

## Command palette and keys
page-palette = Палітра команд
page-palette-hint = Напишіть, що знайти або зробити
page-palette-go = Перейти
page-palette-do = Зробити
page-palette-found = Знайдене
page-palette-recent = Нещодавнє
page-palette-commands = команди
page-palette-documents = документи
page-palette-people = люди
page-palette-nothing = Нічого не знайдено
page-keys = Клавіші
page-keys-everywhere = Усюди
page-keys-lists = У списках
page-keys-forms = У формах
page-keys-order = У рядках замовлення
page-keys-off = Вимкнути однобуквені клавіші
key-palette = Палітра команд
key-search = Пошук і відбір
key-new = Створити
key-edit = Редагувати
key-save = Зберегти
key-save_post = Зберегти і провести
key-undo = Відмінити останню зміну
key-help = Показати клавіші
key-go = Перейти до розділу: g, потім літера
key-move = Рядок униз або вгору
key-open = Відкрити
key-peek = Швидкий перегляд
key-select = Вибрати рядок
key-select_all = Вибрати все за відбором
key-views = Попереднє й наступне подання
key-escape = Закрити, повернутися
key-next_cell = Наступна клітинка, наступний рядок
key-why_price = Чому така ціна
key-substitutes = Чим замінити
key-last_order = З попереднього замовлення
key-repeat_line = Повторити рядок
key-remove_line = Прибрати рядок
key-move_line = Пересунути рядок
key-paste = Вставити з Excel

## History
page-history-empty = Змін ще не було
page-history-was = було
page-history-now = стало
page-history-undo = Відмінити цю зміну
page-history-created = Створено
page-history-by_system = Система

## Import
page-import = Завантаження з файлу
page-import-choose = Виберіть файл або перетягніть його сюди
page-import-check = Перевірити
page-import-run = Завантажити
page-import-read =
    { $count ->
        [one] Прочитано { $count } рядок
        [few] Прочитано { $count } рядки
       *[many] Прочитано { $count } рядків
    }
page-import-created = Створено: { $count }
page-import-updated = Змінено: { $count }
page-import-skipped = Без змін: { $count }
page-import-errors = З помилками: { $count }
page-import-row = Рядок { $row }, колонка «{ $name }»
page-import-nothing_taken = Нічого не завантажено: виправте помилки й повторіть
page-import-all_taken = Усе завантажено
page-job-running = Виконується: { $done } з { $total }
page-job-stop = Зупинити
page-job-continue = Можна працювати далі

## Errors as pages
page-error-400 = Запит не вдалося прочитати
page-error-401 = Потрібно увійти
page-error-403 = Немає права на цю дію
page-error-404 = Сторінки або запису немає
page-error-409 = Розбіжність змін
page-error-413 = Завеликий запит
page-error-422 = Не можна виконати
page-error-429 = Забагато запитів
page-error-500 = Щось пішло не так
page-error-503 = Система зайнята
page-error-safe = Ваші дані не змінено
page-error-event = Номер події { $code }
page-error-again = Спробувати ще раз
page-error-home = На головну
page-error-record = До запису

## Words of the program interface page
page-api = Програмний інтерфейс
page-api-token = Ключ доступу
page-api-token_once = Збережіть ключ: удруге його не покажемо

## Parts of documents and the company
page-valid_from = з { $from }
page-valid_to = до { $to }

## General lists, cards and forms
page-list-show_columns = Показати
page-list-usual_columns = Звичайні колонки
page-list-view_name = Назва подання
page-list-remove_view = Прибрати подання
page-list-without = Без «{ $name }»
page-card-last_changes = Останні зміни
page-card-record = Запис
page-card-known_elsewhere = Відомо деінде як
page-card-in_archive = В архіві
page-card-nothing_related = Пов’язаних записів немає
page-card-map_hint = Кожен рядок: код: значення
page-card-tags_hint = Через кому
page-card-save_and = Зберегти й { $verb }
page-archived = В архіві: { $title }
page-said = { $title }
page-history-changed = Змінено
page-history-removed = Прибрано
page-history-lines = додано { $added }, прибрано { $removed }, змінено { $changed }
page-history-by_import = імпорт
page-history-by_job = фонове завдання
page-history-by_command = командний рядок
page-history-by_api = програма
page-conflict-kept = { $name } зберіг(-ла) раніше. Решту полів поєднано; виберіть, що лишити, і збережіть ще раз
page-sign_in-nobody = Тут ще немає користувачів. Код надруковано в журналі сервера:
page-setup = Перший адміністратор
page-setup-text = Код діє один раз. Далі людей додають у налаштуваннях.
page-setup-password_hint = Щонайменше 10 символів
page-setup-code = Код з журналу сервера
page-setup-button = Створити й увійти
page-setup-name = Ваше ім’я
page-conflict-lines = { $field }: { $name } теж змінив(-ла). Рядки поєднано; де змінено те саме, стоїть ваше
page-import-hint = Назви колонок шукаються в перших рядках файлу. Які з них не впізнано, можна вказати тут.
page-import-sample = Зразок файлу
page-import-partial = Узяти рядки без помилок, навіть якщо в інших вони є
page-import-may_be_taken = Помилок немає, можна завантажувати
page-import-would_be_refused = Є помилки: так файл не завантажиться
page-import-some_refused = Рядки з помилками пропущено
page-import-line = Рядок
page-import-column = Колонка
page-import-what = Що не так
page-import-goes_on = Імпорт триває; список наповнюється поступово
page-import-columns = Колонки файлу
page-import-head = Колонка у файлі
page-import-sample_value = Перше значення
page-import-goes_to = Куди
page-import-leave_out = — не брати —
page-import-map_hint = Перевірте вибір у кожному рядку і натисніть «Завантажити»
page-import-say_columns = Скажіть, куди піде кожна колонка
page-import-constants = Немає у файлі: одне значення для всіх рядків
page-import-of_lines = рядки
