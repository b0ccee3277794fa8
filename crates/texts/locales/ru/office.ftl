### Own companies, users, roles, currencies, audit, jobs, files, settings.

companies = Организации
    .one = Организация
    .new = Новая организация
companies-name = Название
companies-currency = Валюта учёта
companies-closed_until = Период закрыт до
companies-agreement_approval = Согласовывать соглашения
companies-credit_control = Контроль кредита
companies-price_type_id = Вид цены без соглашения
companies-prefix = Префикс номеров

users = Пользователи
    .one = Пользователь
    .new = Новый пользователь
users-name = Имя
users-head_id = Руководитель
users-manager_id = Руководитель
users-blocked = Заблокирован
users-state-active = Действует
users-state-blocked = Заблокирован
users-digest = Сводка по почте

roles = Роли
    .one = Роль
    .new = Новая роль
roles-permissions = Права
role-administrator = Администратор
role-director = Директор
role-sales_manager = Руководитель продаж
role-salesperson = Менеджер по продажам
role-storekeeper = Кладовщик
role-accountant = Бухгалтер
role-field_agent = Торговый представитель
role-portal_client = Клиент портала
role-system = Система
choice-administrator = Администратор
choice-director = Директор
choice-sales_manager = Руководитель продаж
choice-salesperson = Менеджер по продажам
choice-storekeeper = Кладовщик
choice-accountant = Бухгалтер
choice-field_agent = Торговый представитель
choice-portal_client = Клиент портала

## Rights, as in the permission matrix
right-read = Просмотр
right-create = Создание
right-update = Изменение
right-delete = Удаление
right-export = Выгрузка
right-import = Загрузка
right-history = История изменений
scope-none = Нет
scope-own = Свои
scope-team = Команды
scope-company = Организации
scope-all = Все

currencies = Валюты
    .one = Валюта
    .new = Новая валюта
currencies-code = Код (ISO 4217)
currencies-symbol = Знак
currencies-numeric = Цифровой код

countries = Страны
    .one = Страна
    .new = Новая страна
countries-code = Код (ISO 3166)

audit = История изменений
    .one = Запись истории
    .new = Новая запись истории
audit-user_id = Кто изменил
audit-at = Когда
audit-command = Что сделано
audit-title = Запись
audit-group_id = Группа изменений
audit-origin = Откуда
audit-origin-page = Страница
audit-origin-api = API
audit-origin-import = Загрузка
audit-origin-job = Фоновое задание
audit-origin-system = Система
audit-created = Создана запись «{ $title }»
audit-changed = Изменена запись «{ $title }»
audit-removed = Удалена запись «{ $title }»
audit-archived = «{ $title }» перенесено в архив
audit-verb = { $verb }: «{ $title }»
audit-field = { $field }: было «{ $before }», стало «{ $after }»
audit-undone = Отменено изменение «{ $title }»

jobs = Фоновые задания
    .one = Фоновое задание
    .new = Новое фоновое задание
jobs-kind = Вид задания
jobs-kind-bulk = Изменение многих записей
jobs-kind-housekeeping = Уборка
jobs-kind-import = Импорт
jobs-kind-undo-group = Отмена многих изменений
jobs-done = Готово
jobs-cancel_asked = Останавливается
jobs-created_by_id = Заказал
jobs-bulk-title = { $entity }: { $verb }, записей: { $count }
jobs-undo-title = Отмена изменений, записей: { $count }
jobs-import-title = Импорт: { $what }

files = Файлы
    .one = Файл
    .new = Новый файл
files-size = Размер
files-media_type = Тип файла

webhooks-url = Адрес
webhooks-events = События

tokens = Ключи доступа
    .one = Ключ доступа
    .new = Новый ключ доступа
tokens-expires_at = Действует до
tokens-scope = Область действия

sessions = Сеансы
    .one = Сеанс
    .new = Новый сеанс

external-ids = Коды в источниках
    .one = Код в источнике
    .new = Новый код в источнике
external-ids-own = Основной
external-ids-entity = Вид записи

events = События
    .one = Событие
    .new = Новое событие

attributes = Дополнительные поля
    .one = Дополнительное поле
    .new = Новое дополнительное поле
attributes-required = Обязательное
attributes-choices = Список значений
users-position = Должность

## What came of a job
field-loaded = Загружено
field-failed = Не удалось
field-stayed = Осталось как было
field-done = Сделано
field-changed = Изменено
field-taken_back = Возвращено
field-without_price = Без цены
