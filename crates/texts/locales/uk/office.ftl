### Own companies, users, roles, currencies, audit, jobs, files, settings.

companies = Організації
    .one = Організація
    .new = Нова організація
companies-name = Назва
companies-currency = Валюта обліку
companies-closed_until = Період закрито до
companies-agreement_approval = Погоджувати умови продажу
companies-credit_control = Контроль кредиту
companies-price_type_id = Вид ціни без умов продажу
companies-prefix = Префікс номерів

users = Користувачі
    .one = Користувач
    .new = Новий користувач
users-name = Ім’я
users-head_id = Керівник
users-manager_id = Керівник
users-blocked = Заблокований
users-state-active = Діє
users-state-blocked = Заблокований
users-digest = Зведення поштою

roles = Ролі
    .one = Роль
    .new = Нова роль
roles-permissions = Права
role-administrator = Адміністратор
role-director = Директор
role-sales_manager = Керівник продажів
role-salesperson = Менеджер з продажу
role-storekeeper = Комірник
role-accountant = Бухгалтер
role-field_agent = Торговий представник
role-portal_client = Клієнт порталу
role-system = Система
choice-administrator = Адміністратор
choice-director = Директор
choice-sales_manager = Керівник продажів
choice-salesperson = Менеджер з продажу
choice-storekeeper = Комірник
choice-accountant = Бухгалтер
choice-field_agent = Торговий представник
choice-portal_client = Клієнт порталу

## Rights, as in the permission matrix
right-read = Перегляд
right-create = Створення
right-update = Зміна
right-delete = Видалення
right-export = Вивантаження
right-import = Завантаження
right-history = Історія змін
scope-none = Немає
scope-own = Власні
scope-team = Команди
scope-company = Організації
scope-all = Усі

currencies = Валюти
    .one = Валюта
    .new = Нова валюта
currencies-code = Код (ISO 4217)
currencies-symbol = Знак
currencies-numeric = Цифровий код

countries = Країни
    .one = Країна
    .new = Нова країна
countries-code = Код (ISO 3166)

audit = Історія змін
    .one = Запис історії
    .new = Новий запис історії
audit-user_id = Хто змінив
audit-at = Коли
audit-command = Що зроблено
audit-title = Запис
audit-group_id = Група змін
audit-origin = Звідки
audit-origin-page = Сторінка
audit-origin-api = API
audit-origin-import = Завантаження
audit-origin-job = Фонове завдання
audit-origin-system = Система
audit-created = Створено запис «{ $title }»
audit-changed = Змінено «{ $title }»
audit-removed = Видалено «{ $title }»
audit-archived = «{ $title }» перенесено в архів
audit-verb = { $verb }: «{ $title }»
audit-field = { $field }: було «{ $before }», стало «{ $after }»
audit-undone = Відмінено зміну «{ $title }»

jobs = Фонові завдання
    .one = Фонове завдання
    .new = Нове фонове завдання
jobs-kind = Вид завдання
jobs-kind-bulk = Зміна багатьох записів
jobs-kind-housekeeping = Прибирання
jobs-kind-import = Імпорт
jobs-kind-undo-group = Відміна багатьох змін
jobs-done = Готово
jobs-cancel_asked = Зупиняється
jobs-created_by_id = Замовив
jobs-bulk-title = { $entity }: { $verb }, записів: { $count }
jobs-undo-title = Відміна змін, записів: { $count }
jobs-import-title = Імпорт: { $what }

files = Файли
    .one = Файл
    .new = Новий файл
files-size = Розмір
files-media_type = Тип файлу

webhooks-url = Адреса
webhooks-events = Події

tokens = Ключі доступу
    .one = Ключ доступу
    .new = Новий ключ доступу
tokens-expires_at = Діє до
tokens-scope = Межі дії

sessions = Сеанси
    .one = Сеанс
    .new = Новий сеанс

external-ids = Коди у джерелах
    .one = Код у джерелі
    .new = Новий код у джерелі
external-ids-own = Основний
external-ids-entity = Вид запису

events = Події
    .one = Подія
    .new = Нова подія

attributes = Додаткові поля
    .one = Додаткове поле
    .new = Нове додаткове поле
attributes-required = Обов’язкове
attributes-choices = Перелік значень
users-position = Посада

## What came of a job
field-loaded = Завантажено
field-failed = Не вдалося
field-stayed = Лишилося як було
field-done = Зроблено
field-changed = Змінено
field-taken_back = Повернено
field-without_price = Без ціни
