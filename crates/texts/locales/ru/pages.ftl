### Words of pages: shell, sign-in, home, lists, cards, editors, palette, keys, history, import, errors.

## Shell
page-home = Мой день
page-search = Найти, перейти, сделать…
page-menu = Меню
page-more = Ещё
page-all = Все
page-skip = К содержимому
page-main_navigation = Главная навигация
page-settings = Настройки
page-profile = Профиль
page-profile-password = Пароль
page-profile-old_password = Текущий пароль
page-profile-new_password = Новый пароль
page-profile-password_hint = Не меньше 10 символов. Другие устройства и токены программ придётся подключить снова.
page-profile-change_password = Сменить пароль
page-profile-password_changed = Пароль изменён, другие сеансы завершены
page-profile-tokens = Токены программ
page-profile-token_label = Для чего
page-profile-token_life = Действует
page-profile-token_made = Создан
page-profile-token_used = Использован
page-profile-token_until = Действует до
page-profile-token_once = Скопируйте токен: больше его не будет видно.
page-profile-no_tokens = Токенов нет. Токен даёт программе ваши права.
page-profile-make_token = Создать токен
page-profile-revoke = Отозвать
page-profile-days_30 = 30 дней
page-profile-days_90 = 90 дней
page-profile-days_365 = год
page-profile-for_ever = бессрочно
page-language = Язык
page-theme = Оформление
page-theme-light = Светлое
page-theme-dark = Тёмное
page-theme-auto = Как в системе
page-help = Клавиши
page-notifications = Уведомления
page-pinned = Закреплённое
page-recent = Недавнее
page-company = Организация
page-offline = Нет связи с сервером. Введённое сохранено на этом компьютере
page-loading = Загрузка…
page-version = Версия

## Signing in
page-sign_in = Вход
page-sign_in-title = Вход в Kontor
page-sign_in-login = Логин
page-sign_in-password = Пароль
page-sign_in-code = Код подтверждения
page-sign_in-button = Войти
page-sign_in-demo = Демонстрация: выберите, кем войти
page-sign_out = Выйти
page-signed_out = Вы вышли из системы

## Home
page-home-my_tasks = Мои задачи
page-home-today = На сегодня
page-home-tomorrow = На завтра
page-home-overdue = Просрочено
page-home-critical_orders = Заказы, требующие внимания
page-home-open_deals = Открытые сделки
page-home-sales_month = Продажи за месяц
page-home-debts = Кто нам должен
page-home-funnel = Воронка
page-home-whom_to_call = Кому звонить
page-home-low_stock = Заканчивается на складе
page-home-plan = План
page-home-fact = Факт
page-home-nothing_today = На сегодня дел нет

## Lists
page-list-new = Создать
page-list-filter = Отбор
page-list-filter_hint = Например: Киев долг>1000
page-list-filter_remove = Убрать условие
page-list-filter_clear = Убрать все условия
page-list-search = Поиск в списке
page-list-sort = Порядок
page-list-group = Группировать
page-list-columns = Колонки
page-list-views = Представления
page-list-totals = Итого по всему списку
page-list-ungrouped = Без групп
page-list-how_many = Сколько
page-list-without_value = без значения
page-list-groups_cut = Показаны самые большие группы
page-list-share_view = Показывать и коллегам
page-list-looks = Вид
page-list-open = Открытые
page-list-save_view = Сохранить представление
page-list-export = Выгрузить
page-list-import = Загрузить
page-list-count = Посчитать все
page-list-shown = Показано { $count }
page-list-next = Дальше
page-list-previous = Назад
page-list-first = В начало
page-list-load_more = Показать ещё
page-list-select = Выбрать
page-list-select_all = Выбрать всё по отбору
page-list-unselect = Снять выбор
page-list-bulk = Действия с выбранными
page-list-archived = Показать архивные
page-list-peek = Быстрый просмотр
page-list-empty = Здесь пока ничего нет
page-list-empty_hint = Создайте первую запись или загрузите из файла
page-list-empty_facts = Записи здесь появляются сами: из документов, загрузок и работы программы
page-list-no_match = По условиям ничего не найдено
page-list-newest = Совпадений очень много, поэтому сначала самые новые.
page-list-newest_sort = Показать по порядку списка
page-list-no_match_search = Ничего не найдено по «{ $value }»
page-list-total = Итого по отбору
page-list-board = Доска
page-list-table = Список
page-list-funnel = Воронка
page-list-mine = Мои
page-list-team = Команды
page-list-all = Все

## Conditions of filters
op-eq = равно
op-ne = не равно
op-lt = меньше
op-le = не больше
op-gt = больше
op-ge = не меньше
op-in = одно из
op-contains = содержит
op-starts = начинается с
op-empty = пусто
op-not_empty = заполнено

## Cards and forms
page-card-overview = Обзор
page-card-details = Подробности
page-card-main = Основное
page-card-history = История изменений
page-card-timeline = Хронология
page-card-documents = Документы
page-card-related = Связанное
page-card-lines = Строки
page-card-files = Файлы
page-card-movements = Движения по регистрам
page-card-open = Открытое
page-card-edit = Редактировать
page-card-save = Сохранить
page-card-save_and_new = Сохранить и создать ещё
page-card-cancel = Отмена
page-card-close = Закрыть
page-card-back = Назад
page-card-actions = Действия
page-card-create_from = Создать на основании
page-card-print = Печать
page-card-pin = Закрепить
page-card-required = обязательно
page-card-optional = необязательно
page-card-choose = Выберите…
page-card-nothing_found = Ничего не найдено
page-card-create_named = Создать «{ $value }»
page-card-add = Добавить
page-card-remove = Убрать
page-card-unsaved = Есть несохранённые изменения
page-card-draft_saved = Черновик сохранён в { $time }
page-card-draft_found = Найден ваш черновик от { $time }
page-card-draft_use = Продолжить черновик
page-card-draft_drop = Отбросить черновик
page-card-as_of = По состоянию на { $date }
page-card-archived = Эта запись в архиве

## Saved, undone, refused
page-saved = Сохранено
page-created = Создано: { $title }
page-changed = Изменено: { $title }
page-removed = Удалено: { $title }
page-done = { $verb }: { $title }
page-undo = Вернуть как было
page-undone = Возвращено как было
page-nothing_changed = Ничего не изменено
page-copy = Скопировать
page-copied = Скопировано
page-sure = Точно?
page-confirm_reverse = Сторнировать «{ $title }»? Движения будут сняты на дату { $date }
page-not_needed = Не нужно

## Conflict of two editors
page-conflict = Расхождение
page-conflict-title = Оба изменили одно поле
page-conflict-base = Было
page-conflict-theirs = Сейчас в записи
page-conflict-yours = Вы написали
page-conflict-take_theirs = Оставить как в записи
page-conflict-take_yours = Записать моё
page-conflict-by = { $name }, { $time }
page-conflict-joined =
    { $count ->
        [one] Остальное { $count } поле объединено
        [few] Остальные { $count } поля объединены
       *[many] Остальные { $count } полей объединены
    } без расхождений

## Partner card
page-partner-who = Кто
page-partner-owe = Взаиморасчёты
page-partner-going_on = Что происходит
page-partner-next = Дальше
page-partner-turnover = Оборот, 12 месяцев
page-partner-ageing = Долг по срокам
page-partner-contacts = Контакты
page-partner-terms = Условия
page-partner-relations = Связи
page-partner-holding = Холдинг
page-partner-no_contacts = Контактных лиц пока нет
page-partner-no_next_step = Следующий шаг не запланирован
page-partner-plan_next = Запланировать шаг
page-partner-note_talk = Записать разговор, поставить задачу…
page-partner-no_debt = Долга нет

## Order editor
page-order-paste = Вставить из Excel
page-order-totals = Итоги
page-order-vat_included = в т. ч. НДС
page-order-margin = Маржа
page-order-available = свободно
page-order-why_price = Почему такая цена
page-order-blockers = Что мешает провести
page-order-no_blockers = Препятствий нет
page-order-chain = Цепочка документов
page-order-partner_first = Сначала выберите партнёра

## Deals
page-deals-board = Доска сделок
page-deals-weighted = взвешено { $amount }
page-deals-idle =
    { $count ->
        [one] { $count } день без движения
        [few] { $count } дня без движения
       *[many] { $count } дней без движения
    }
page-deals-moved = «{ $title }» теперь на стадии «{ $stage }»
page-deals-no_stage = Без стадии
page-deals-won = Выигранные
page-deals-lost = Проигранные
page-deals-open = Открытые

## Reports
page-report-period = Период
page-report-from = С
page-report-to = По
page-report-currency = В валюте
page-report-show = Показать
report-only = Показать
page-report-parameters = Параметры
page-report-chart = График
page-report-table = Таблица
page-report-export = Выгрузить
page-report-drill = К документам
page-report-this_month = Этот месяц
page-report-last_month = Прошлый месяц
page-report-this_quarter = Этот квартал
page-report-this_year = Этот год
page-report-last_12_months = 12 месяцев
page-report-all_time = За всё время

## Command palette and keys
page-palette = Палитра команд
page-palette-hint = Напишите, что найти или сделать
page-palette-go = Перейти
page-palette-do = Сделать
page-palette-found = Найденное
page-palette-recent = Недавнее
page-palette-commands = команды
page-palette-documents = документы
page-palette-people = люди
page-palette-nothing = Ничего не найдено
page-keys = Клавиши
page-keys-everywhere = Везде
page-keys-lists = В списках
page-keys-forms = В формах
page-keys-order = В строках заказа
page-keys-off = Отключить однобуквенные клавиши
key-palette = Палитра команд
key-search = Поиск и отбор
key-new = Создать
key-edit = Редактировать
key-save = Сохранить
key-save_post = Сохранить и провести
key-undo = Отменить последнее изменение
key-help = Показать клавиши
key-go = Перейти к разделу: g, затем буква
key-move = Строка вниз или вверх
key-open = Открыть
key-peek = Быстрый просмотр
key-select = Выбрать строку
key-select_all = Выбрать всё по отбору
key-views = Предыдущее и следующее представление
key-escape = Закрыть, вернуться
key-next_cell = Следующая ячейка, следующая строка
key-why_price = Почему такая цена
key-substitutes = Чем заменить
key-last_order = Из предыдущего заказа
key-repeat_line = Повторить строку
key-remove_line = Убрать строку
key-move_line = Переместить строку
key-paste = Вставить из Excel

## History
page-history-empty = Изменений ещё не было
page-history-was = было
page-history-now = стало
page-history-undo = Отменить это изменение
page-history-created = Создано
page-history-by_system = Система

## Import
page-import = Загрузка из файла
page-import-choose = Выберите файл или перетащите его сюда
page-import-check = Проверить
page-import-run = Загрузить
page-import-read =
    { $count ->
        [one] Прочитана { $count } строка
        [few] Прочитано { $count } строки
       *[many] Прочитано { $count } строк
    }
page-import-created = Создано: { $count }
page-import-updated = Изменено: { $count }
page-import-skipped = Без изменений: { $count }
page-import-errors = С ошибками: { $count }
page-import-row = Строка { $row }, колонка «{ $name }»
page-import-nothing_taken = Ничего не загружено: исправьте ошибки и повторите
page-import-all_taken = Всё загружено
page-job-running = Выполняется: { $done } из { $total }
page-job-stop = Остановить
page-job-continue = Можно работать дальше

## Errors as pages
page-error-400 = Запрос не удалось прочитать
page-error-401 = Нужно войти
page-error-403 = Нет права на это действие
page-error-404 = Страницы или записи нет
page-error-409 = Расхождение изменений
page-error-413 = Слишком большой запрос
page-error-422 = Нельзя выполнить
page-error-429 = Слишком много запросов
page-error-500 = Что-то пошло не так
page-error-503 = Система занята
page-error-safe = Ваши данные не изменены
page-error-event = Номер события { $code }
page-error-again = Попробовать ещё раз
page-error-home = На главную
page-error-record = К записи

## Words of the program interface page
page-api = Программный интерфейс
page-api-token = Ключ доступа
page-api-token_once = Сохраните ключ: второй раз мы его не покажем

## Parts of documents and the company
page-valid_from = с { $from }
page-valid_to = до { $to }

## General lists, cards and forms
page-list-show_columns = Показать
page-list-usual_columns = Обычные колонки
page-list-view_name = Название представления
page-list-remove_view = Убрать представление
page-list-without = Без «{ $name }»
page-card-last_changes = Последние изменения
page-card-record = Запись
page-card-known_elsewhere = Известно в других программах как
page-card-in_archive = В архиве
page-card-nothing_related = Связанных записей нет
page-card-map_hint = Каждая строка: код: значение
page-card-tags_hint = Через запятую
page-card-save_and = Сохранить и { $verb }
page-archived = В архиве: { $title }
page-said = { $title }
page-history-changed = Изменено
page-history-removed = Удалено
page-history-lines = добавлено { $added }, убрано { $removed }, изменено { $changed }
page-history-by_import = импорт
page-history-by_job = фоновое задание
page-history-by_command = командная строка
page-history-by_api = программа
page-conflict-kept = { $name } сохранил(а) раньше. Остальные поля объединены; выберите, что оставить, и сохраните ещё раз
page-sign_in-nobody = Здесь ещё нет пользователей. Код напечатан в журнале сервера:
page-setup = Первый администратор
page-setup-text = Код действует один раз. Дальше людей добавляют в настройках.
page-setup-password_hint = Не меньше 10 символов
page-setup-code = Код из журнала сервера
page-setup-button = Создать и войти
page-setup-name = Ваше имя
page-conflict-lines = { $field }: { $name } тоже изменил(а). Строки соединены; где изменено то же самое, стоит ваше
page-import-hint = Названия колонок ищутся в первых строках файла. Какие из них не узнаны, можно указать здесь.
page-import-sample = Образец файла
page-import-partial = Взять строки без ошибок, даже если в других они есть
page-import-may_be_taken = Ошибок нет, можно загружать
page-import-would_be_refused = Есть ошибки: так файл не загрузится
page-import-some_refused = Строки с ошибками пропущены
page-import-line = Строка
page-import-column = Колонка
page-import-what = Что не так
page-import-goes_on = Импорт идёт; список наполняется постепенно
page-import-columns = Колонки файла
page-import-head = Колонка в файле
page-import-sample_value = Первое значение
page-import-goes_to = Куда
page-import-leave_out = — не брать —
page-import-map_hint = Проверьте выбор в каждой строке и нажмите «Загрузить»
page-import-say_columns = Скажите, куда попадёт каждая колонка
page-import-constants = Нет в файле: одно значение для всех строк
page-import-of_lines = строки
