### Own companies, users, roles, currencies, audit, jobs, files, settings.

companies = Companies
    .one = Company
    .new = New company
companies-name = Name
companies-currency = Base currency
companies-closed_until = Closed until
companies-agreement_approval = Approve agreements
companies-credit_control = Credit control
companies-price_type_id = Price type without an agreement
companies-prefix = Number prefix

users = Users
    .one = User
    .new = New user
users-name = Name
users-head_id = Head
users-manager_id = Head
users-blocked = Blocked
users-state-active = Active
users-state-blocked = Blocked
users-digest = Digest by e-mail

roles = Roles
    .one = Role
    .new = New role
roles-permissions = Permissions
role-administrator = Administrator
role-director = Director
role-sales_manager = Sales manager
role-salesperson = Salesperson
role-storekeeper = Storekeeper
role-accountant = Accountant
role-field_agent = Field agent
role-portal_client = Portal client
role-system = System
choice-administrator = Administrator
choice-director = Director
choice-sales_manager = Sales manager
choice-salesperson = Salesperson
choice-storekeeper = Storekeeper
choice-accountant = Accountant
choice-field_agent = Field agent
choice-portal_client = Portal client

## Rights, as in the permission matrix
right-read = View
right-create = Create
right-update = Change
right-delete = Delete
right-export = Export
right-import = Import
right-history = History
scope-none = None
scope-own = Own
scope-team = Team
scope-company = Company
scope-all = All

currencies = Currencies
    .one = Currency
    .new = New currency
currencies-code = Code (ISO 4217)
currencies-symbol = Sign
currencies-numeric = Numeric code

countries = Countries
    .one = Country
    .new = New country
countries-code = Code (ISO 3166)

audit = History
    .one = History entry
    .new = New history entry
audit-user_id = Changed by
audit-at = When
audit-command = What was done
audit-title = Record
audit-group_id = Group of changes
audit-origin = Origin
audit-origin-page = Page
audit-origin-api = API
audit-origin-import = Import
audit-origin-job = Job
audit-origin-system = System
audit-created = Created “{ $title }”
audit-changed = Changed “{ $title }”
audit-removed = Removed “{ $title }”
audit-archived = Archived “{ $title }”
audit-verb = { $verb }: “{ $title }”
audit-field = { $field }: was “{ $before }”, now “{ $after }”
audit-undone = Undid the change of “{ $title }”

jobs = Jobs
    .one = Job
    .new = New job
jobs-kind = Kind of job
jobs-kind-bulk = Change of many records
jobs-kind-housekeeping = Housekeeping
jobs-kind-import = Import
jobs-kind-undo-group = Undo of many changes
jobs-done = Done
jobs-cancel_asked = Asked to stop
jobs-created_by_id = Asked by
jobs-bulk-title = { $entity }: { $verb }, { $count } records
jobs-undo-title = Undo of changes, records: { $count }
jobs-import-title = Import: { $what }

files = Files
    .one = File
    .new = New file
files-size = Size
files-media_type = File type

webhooks-url = Address
webhooks-events = Events

tokens = Access tokens
    .one = Access token
    .new = New access token
tokens-expires_at = Expires
tokens-scope = Scope

sessions = Sessions
    .one = Session
    .new = New session

external-ids = External IDs
    .one = External ID
    .new = New external ID
external-ids-own = Main
external-ids-entity = Kind

events = Events
    .one = Event
    .new = New event

attributes = Additional fields
    .one = Additional field
    .new = New additional field
attributes-required = Required
attributes-choices = Choices
users-position = Position

## What came of a job
field-loaded = Loaded
field-failed = Failed
field-stayed = Left as it was
field-done = Done
field-changed = Changed
field-taken_back = Taken back
field-without_price = Without a price
