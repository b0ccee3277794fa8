CREATE TABLE external_ids (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_external_ids__id UNIQUE,
  version {int} NOT NULL,
  entity {text} NOT NULL,
  record_id {id} NOT NULL,
  own {bool} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant}
);
CREATE UNIQUE INDEX uq_external_ids__entity__source__external_id ON external_ids (entity, source, external_id);
CREATE INDEX ix_external_ids__record ON external_ids (record_id, entity);
CREATE INDEX ix_external_ids__key ON external_ids (external_id);

CREATE TABLE jobs (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_jobs__id UNIQUE,
  version {int} NOT NULL,
  title {text} NOT NULL,
  kind {text} NOT NULL,
  done {int} NOT NULL,
  total {int},
  cancel_asked {bool} NOT NULL,
  started_at {instant},
  finished_at {instant},
  result {json},
  error {json},
  input {json},
  position {json},
  stopping {json},
  language {text} NOT NULL,
  key {text} NOT NULL,
  due_at {instant} NOT NULL,
  turn_at {instant} NOT NULL,
  fence {int} NOT NULL,
  leased_until {instant},
  state {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_jobs__source__external_id ON jobs (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_jobs__key__due_at ON jobs (key, due_at);
CREATE INDEX ix_jobs__sort ON jobs (created_at, id);
{search jobs}
CREATE INDEX ix_jobs__turn ON jobs (state, turn_at);

CREATE TABLE roles (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_roles__id UNIQUE,
  version {int} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  names {json},
  permissions {json},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_roles__source__external_id ON roles (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_roles__code ON roles (code);
CREATE INDEX ix_roles__sort ON roles (name_key, id, archived);
{search roles}

CREATE TABLE users (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_users__id UNIQUE,
  version {int} NOT NULL,
  login {text} NOT NULL,
  name {text} NOT NULL,
  email {text},
  phone {text},
  position {text},
  language {text},
  roles {json},
  head_id {id},
  companies {json},
  active {bool} NOT NULL,
  password_hash {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_users__source__external_id ON users (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_users__login ON users (login);
CREATE INDEX ix_users__sort ON users (name_key, id, archived);
{search users}

CREATE TABLE countries (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_countries__id UNIQUE,
  version {int} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  names {json},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_countries__source__external_id ON countries (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_countries__code ON countries (code);
CREATE INDEX ix_countries__sort ON countries (name_key, id, archived);
{search countries}

CREATE TABLE currencies (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_currencies__id UNIQUE,
  version {int} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  names {json},
  minor_digits {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_currencies__source__external_id ON currencies (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_currencies__code ON currencies (code);
CREATE INDEX ix_currencies__sort ON currencies (code, id, archived);
{search currencies}

CREATE TABLE companies (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_companies__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  currency {text} NOT NULL,
  country {text} NOT NULL,
  time_zone {text} NOT NULL,
  legal_name {text},
  tax_id {text},
  registration_code {text},
  address {text},
  closed_until {date},
  stock_control {text} NOT NULL,
  credit_control {text} NOT NULL,
  price_type_id {id},
  rate_type_id {id},
  agreement_approval {bool} NOT NULL,
  terms_control {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_companies__source__external_id ON companies (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_companies__name ON companies (name);
CREATE INDEX ix_companies__sort ON companies (name_key, id, archived);
{search companies}

CREATE TABLE regions (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_regions__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  parent_id {id},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_regions__source__external_id ON regions (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_regions__name ON regions (name);
CREATE INDEX ix_regions__sort ON regions (name_key, id, archived);
{search regions}

CREATE TABLE lines_of_business (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_lines_of_business__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_lines_of_business__source__external_id ON lines_of_business (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_lines_of_business__name ON lines_of_business (name);
CREATE INDEX ix_lines_of_business__sort ON lines_of_business (name_key, id, archived);
{search lines_of_business}

CREATE TABLE lead_sources (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_lead_sources__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_lead_sources__source__external_id ON lead_sources (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_lead_sources__name ON lead_sources (name);
CREATE INDEX ix_lead_sources__sort ON lead_sources (name_key, id, archived);
{search lead_sources}

CREATE TABLE partners (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_partners__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  full_name {text},
  roles {json} NOT NULL,
  head_partner_id {id},
  manager_id {id},
  region_id {id},
  line_of_business_id {id},
  lead_source_id {id},
  dealer_type_id {id},
  order_type_id {id},
  payment_form_id {id},
  country {text},
  phone {text},
  email {text},
  website {text},
  address {text},
  service_priority {text} NOT NULL,
  tags {json},
  client_since {date},
  founded_year {int},
  employees {int},
  annual_revenue {int},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_partners__source__external_id ON partners (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_partners__sort ON partners (name_key, id, archived);
CREATE INDEX ix_partners__head_partner_id ON partners (head_partner_id, name_key, id, archived);
CREATE INDEX ix_partners__manager_id ON partners (manager_id, name_key, id, archived);
{search partners}
CREATE INDEX ix_partners__region ON partners (region_id);

CREATE TABLE contacts (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_contacts__id UNIQUE,
  version {int} NOT NULL,
  full_name {text} NOT NULL,
  partner_id {id} NOT NULL,
  position {text},
  decision_role {text},
  phones {json},
  emails {json},
  messengers {json},
  birthday {date},
  language {text},
  address {text},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  full_name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_contacts__source__external_id ON contacts (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_contacts__sort ON contacts (full_name_key, id, archived);
CREATE INDEX ix_contacts__partner_id ON contacts (partner_id, full_name_key, id, archived);
{search contacts}
CREATE TABLE contact_links (
  id {id} NOT NULL CONSTRAINT pk_contact_links PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES contacts (id),
  position {int} NOT NULL,
  partner_id {id} NOT NULL,
  job_title {text},
  valid_from {date},
  valid_to {date}
);
CREATE INDEX ix_contact_links__parent ON contact_links (parent_id, position);
CREATE INDEX ix_contacts__birthday ON contacts (birthday);

CREATE TABLE counterparties (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_counterparties__id UNIQUE,
  version {int} NOT NULL,
  legal_name {text} NOT NULL,
  partner_id {id} NOT NULL,
  kind {text} NOT NULL,
  country {text} NOT NULL,
  tax_id {text},
  registration_code {text},
  vat_number {text},
  kpp {text},
  iban {text},
  bank_name {text},
  legal_form {text},
  director {text},
  legal_address {text},
  postal_address {text},
  registered_on {date},
  is_main {bool} NOT NULL,
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  legal_name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_counterparties__source__external_id ON counterparties (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_counterparties__sort ON counterparties (legal_name_key, id, archived);
CREATE INDEX ix_counterparties__partner_id ON counterparties (partner_id, legal_name_key, id, archived);
{search counterparties}
CREATE INDEX ix_counterparties__tax_id ON counterparties (tax_id);
CREATE INDEX ix_counterparties__registration_code ON counterparties (registration_code);

CREATE TABLE partner_relations (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_partner_relations__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  partner_id {id} NOT NULL,
  related_partner_id {id} NOT NULL,
  kind {text} NOT NULL,
  direction {text} NOT NULL,
  contact_id {id},
  related_contact_id {id},
  valid_from {date},
  valid_to {date},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_partner_relations__source__external_id ON partner_relations (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_partner_relations__sort ON partner_relations (name_key, id, archived);
CREATE INDEX ix_partner_relations__partner_id ON partner_relations (partner_id, name_key, id, archived);
CREATE INDEX ix_partner_relations__related_partner_id ON partner_relations (related_partner_id, name_key, id, archived);
{search partner_relations}

CREATE TABLE units (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_units__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  code {text} NOT NULL,
  names {json},
  symbols {json},
  international_code {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_units__source__external_id ON units (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_units__sort ON units (name_key, id, archived);
{search units}

CREATE TABLE vat_rates (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_vat_rates__id UNIQUE,
  version {int} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  names {json},
  percent {int} NOT NULL,
  country {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_vat_rates__source__external_id ON vat_rates (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_vat_rates__code ON vat_rates (code);
CREATE INDEX ix_vat_rates__sort ON vat_rates (code, id, archived);
{search vat_rates}

CREATE TABLE product_categories (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_product_categories__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  parent_id {id},
  vat_rate {text},
  price_type_id {id},
  rate_type_id {id},
  cost_method {text},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_product_categories__source__external_id ON product_categories (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_product_categories__sort ON product_categories (name_key, id, archived);
{search product_categories}
CREATE INDEX ix_product_categories__parent ON product_categories (parent_id);
CREATE INDEX ix_product_categories__base ON product_categories (id) WHERE price_type_id IS NOT NULL;
CREATE INDEX ix_product_categories__figures ON product_categories (id) WHERE cost_method IS NOT NULL OR rate_type_id IS NOT NULL;

CREATE TABLE seasons (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_seasons__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  from_month {int} NOT NULL,
  to_month {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_seasons__source__external_id ON seasons (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_seasons__name ON seasons (name);
CREATE INDEX ix_seasons__sort ON seasons (name_key, id, archived);
{search seasons}

CREATE TABLE seasonal_groups (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_seasonal_groups__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  months {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_seasonal_groups__source__external_id ON seasonal_groups (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_seasonal_groups__name ON seasonal_groups (name);
CREATE INDEX ix_seasonal_groups__sort ON seasonal_groups (name_key, id, archived);
{search seasonal_groups}

CREATE TABLE characteristics (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_characteristics__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  code {text} NOT NULL,
  kind {text} NOT NULL,
  choices {json},
  category_id {id},
  mandatory {bool} NOT NULL,
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_characteristics__source__external_id ON characteristics (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_characteristics__code ON characteristics (code);
CREATE INDEX ix_characteristics__sort ON characteristics (name_key, id, archived);
{search characteristics}

CREATE TABLE products (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_products__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  sku {text},
  barcode {text},
  kind {text} NOT NULL,
  unit_id {id} NOT NULL,
  category_id {id},
  price_group_id {id},
  vat_rate {text},
  manufacturer_id {id},
  season_id {id},
  seasonal_group_id {id},
  sales_rating {int},
  series {text},
  parent_id {id},
  weight {int},
  volume {int},
  units {json},
  components {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_products__source__external_id ON products (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_products__sort ON products (name_key, id, archived);
CREATE INDEX ix_products__manufacturer_id ON products (manufacturer_id, name_key, id, archived);
{search products}
CREATE INDEX ix_products__sku ON products (sku);
CREATE INDEX ix_products__barcode ON products (barcode);
CREATE INDEX ix_products__parent ON products (parent_id);
CREATE INDEX ix_products__category ON products (category_id);

CREATE TABLE price_groups (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_groups__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_groups__source__external_id ON price_groups (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_price_groups__name ON price_groups (name);
CREATE INDEX ix_price_groups__sort ON price_groups (name_key, id, archived);
{search price_groups}

CREATE TABLE dealer_types (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_dealer_types__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  price_type_id {id},
  price_list_id {id},
  discount_percent {int},
  description {text},
  rule_revision {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_dealer_types__source__external_id ON dealer_types (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_dealer_types__name ON dealer_types (name);
CREATE INDEX ix_dealer_types__sort ON dealer_types (name_key, id, archived);
{search dealer_types}
CREATE INDEX ix_dealer_types__rules ON dealer_types (rule_revision);

CREATE TABLE order_types (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_order_types__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_order_types__source__external_id ON order_types (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_order_types__name ON order_types (name);
CREATE INDEX ix_order_types__sort ON order_types (name_key, id, archived);
{search order_types}

CREATE TABLE payment_forms (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_payment_forms__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_payment_forms__source__external_id ON payment_forms (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_payment_forms__name ON payment_forms (name);
CREATE INDEX ix_payment_forms__sort ON payment_forms (name_key, id, archived);
{search payment_forms}

CREATE TABLE loyalty_programs (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_loyalty_programs__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_loyalty_programs__source__external_id ON loyalty_programs (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_loyalty_programs__name ON loyalty_programs (name);
CREATE INDEX ix_loyalty_programs__sort ON loyalty_programs (name_key, id, archived);
{search loyalty_programs}

CREATE TABLE loyalty_cards (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_loyalty_cards__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  program_id {id} NOT NULL,
  partner_id {id},
  valid_from {date},
  valid_to {date},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_loyalty_cards__source__external_id ON loyalty_cards (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_loyalty_cards__number ON loyalty_cards (number);
CREATE INDEX ix_loyalty_cards__sort ON loyalty_cards (number, id, archived);
CREATE INDEX ix_loyalty_cards__partner_id ON loyalty_cards (partner_id, number, id, archived);
{search loyalty_cards}

CREATE TABLE segments (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_segments__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  members {text} NOT NULL,
  filter {json},
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_segments__source__external_id ON segments (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_segments__name ON segments (name);
CREATE INDEX ix_segments__sort ON segments (name_key, id, archived);
{search segments}

CREATE TABLE price_lists (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_lists__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  currency {text} NOT NULL,
  vat {text} NOT NULL,
  rate_type_id {id},
  price_type_id {id},
  markup_percent {int},
  rounding {json},
  partner_id {id},
  company_id {id},
  valid_from {date},
  valid_to {date},
  priority {int} NOT NULL,
  comment {text},
  rule_revision {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_lists__source__external_id ON price_lists (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_price_lists__name ON price_lists (name);
CREATE INDEX ix_price_lists__sort ON price_lists (name_key, id, archived);
CREATE INDEX ix_price_lists__partner_id ON price_lists (partner_id, name_key, id, archived);
{search price_lists}
CREATE TABLE price_list_lines (
  id {id} NOT NULL CONSTRAINT pk_price_list_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES price_lists (id),
  position {int} NOT NULL,
  product_id {id} NOT NULL,
  price {int} NOT NULL
);
CREATE INDEX ix_price_list_lines__parent ON price_list_lines (parent_id, position);
CREATE INDEX ix_price_lists__rules ON price_lists (rule_revision);
CREATE INDEX ix_price_list_lines__product ON price_list_lines (parent_id, product_id);

CREATE TABLE price_conditions (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_conditions__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  partner_id {id},
  agreement_id {id},
  contract_id {id},
  dealer_type_id {id},
  segment_id {id},
  region_id {id},
  order_type_id {id},
  deal_kind_id {id},
  payment_form_id {id},
  loyalty_program_id {id},
  product_id {id},
  price_group_id {id},
  category_id {id},
  product_segment_id {id},
  company_id {id},
  price_type_id {id},
  price_list_id {id},
  price {int},
  vat {text},
  percent {int},
  amount_off {int},
  currency {text},
  from_quantity {int},
  from_amount {int},
  limit_quantity {int},
  valid_from {date},
  valid_to {date},
  priority {int} NOT NULL,
  exclusive_group {int} NOT NULL,
  stop {bool} NOT NULL,
  final_price {bool} NOT NULL,
  recipient_id {id},
  active {bool} NOT NULL,
  comment {text},
  key_hash {int} NOT NULL,
  rule_revision {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_conditions__source__external_id ON price_conditions (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_price_conditions__sort ON price_conditions (updated_at, id, archived);
CREATE INDEX ix_price_conditions__partner_id ON price_conditions (partner_id, updated_at, id, archived);
CREATE INDEX ix_price_conditions__recipient_id ON price_conditions (recipient_id, updated_at, id, archived);
{search price_conditions}
CREATE INDEX ix_price_conditions__rules ON price_conditions (rule_revision);
CREATE INDEX ix_price_conditions__key ON price_conditions (key_hash);
CREATE INDEX ix_price_conditions__partner ON price_conditions (partner_id);
CREATE INDEX ix_price_conditions__product ON price_conditions (product_id);
CREATE INDEX ix_price_conditions__name ON price_conditions (name);

CREATE TABLE promotions (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_promotions__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  partner_id {id},
  segment_id {id},
  dealer_type_id {id},
  company_id {id},
  percent {int},
  amount_off {int},
  bundle_price {int},
  currency {text},
  limit_bundles {int},
  product_id {id},
  price_group_id {id},
  category_id {id},
  product_segment_id {id},
  from_quantity {int},
  gift_product_id {id},
  gift_quantity {int},
  repeat {bool} NOT NULL,
  valid_from {date},
  valid_to {date},
  priority {int} NOT NULL,
  active {bool} NOT NULL,
  comment {text},
  rule_revision {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_promotions__source__external_id ON promotions (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_promotions__name ON promotions (name);
CREATE INDEX ix_promotions__sort ON promotions (name_key, id, archived);
CREATE INDEX ix_promotions__partner_id ON promotions (partner_id, name_key, id, archived);
{search promotions}
CREATE TABLE promotion_lines (
  id {id} NOT NULL CONSTRAINT pk_promotion_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES promotions (id),
  position {int} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL
);
CREATE INDEX ix_promotion_lines__parent ON promotion_lines (parent_id, position);
CREATE INDEX ix_promotions__rules ON promotions (rule_revision);

CREATE TABLE price_limits (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_limits__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  user_id {id},
  role {text},
  company_id {id},
  algorithm {text} NOT NULL,
  discount_max {int},
  price_down_max {int},
  price_up_max {int},
  below_cost {bool} NOT NULL,
  margin_min {int},
  valid_from {date},
  valid_to {date},
  comment {text},
  rule_revision {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_limits__source__external_id ON price_limits (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_price_limits__name ON price_limits (name);
CREATE INDEX ix_price_limits__sort ON price_limits (name_key, id, archived);
{search price_limits}
CREATE INDEX ix_price_limits__rules ON price_limits (rule_revision);

CREATE TABLE edited_prices (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_edited_prices__id UNIQUE,
  version {int} NOT NULL,
  price_type_id {id} NOT NULL,
  product_id {id} NOT NULL,
  price {int} NOT NULL,
  currency {text} NOT NULL,
  note {text},
  previous {int},
  job_id {id},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant}
);
CREATE UNIQUE INDEX uq_edited_prices__source__external_id ON edited_prices (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_edited_prices__price_type_id__product_id ON edited_prices (price_type_id, product_id);

CREATE TABLE rate_types (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_rate_types__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  base_currency {text} NOT NULL,
  direction {text} NOT NULL,
  is_default {bool} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_rate_types__source__external_id ON rate_types (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_rate_types__name ON rate_types (name);
CREATE INDEX ix_rate_types__sort ON rate_types (name_key, id, archived);
{search rate_types}

CREATE TABLE rates (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_rates__id UNIQUE,
  version {int} NOT NULL,
  date {date} NOT NULL,
  currency {text} NOT NULL,
  rate_type_id {id} NOT NULL,
  rate {int} NOT NULL,
  per {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_rates__source__external_id ON rates (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_rates__rate_type_id__currency__date ON rates (rate_type_id, currency, date);
CREATE INDEX ix_rates__sort ON rates (date, currency, id, archived);
{search rates}

CREATE TABLE price_types (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_types__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  currency {text} NOT NULL,
  method {text} NOT NULL,
  vat {text} NOT NULL,
  base_price_type_id {id},
  markup_percent {int},
  formula {text},
  rounding {json},
  rounding_ranges {json},
  refinements {json},
  query {json},
  program_id {id},
  threshold_percent {int},
  company_id {id},
  segment_id {id},
  valid_from {date},
  valid_to {date},
  usage {text} NOT NULL,
  is_default {bool} NOT NULL,
  approval {bool} NOT NULL,
  description {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_types__source__external_id ON price_types (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_price_types__name ON price_types (name);
CREATE INDEX ix_price_types__sort ON price_types (name_key, id, archived);
{search price_types}

CREATE TABLE price_programs (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_programs__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  formula {text},
  tested_at {instant},
  tested_products {int},
  tested_failed {int},
  tested_key {int},
  comment {text},
  state {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_programs__source__external_id ON price_programs (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_price_programs__name ON price_programs (name);
CREATE INDEX ix_price_programs__sort ON price_programs (name_key, id, archived);
{search price_programs}
CREATE TABLE price_program_lines (
  id {id} NOT NULL CONSTRAINT pk_price_program_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES price_programs (id),
  position {int} NOT NULL,
  category_id {id} NOT NULL,
  formula {text} NOT NULL
);
CREATE INDEX ix_price_program_lines__parent ON price_program_lines (parent_id, position);

CREATE TABLE price_changes (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_changes__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id},
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  valid_from {date} NOT NULL,
  job_id {id},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_changes__source__external_id ON price_changes (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_price_changes__sort ON price_changes (date, id);
{search price_changes}
CREATE TABLE price_change_lines (
  id {id} NOT NULL CONSTRAINT pk_price_change_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES price_changes (id),
  position {int} NOT NULL,
  price_type_id {id} NOT NULL,
  product_id {id} NOT NULL,
  price {int} NOT NULL,
  previous {int}
);
CREATE INDEX ix_price_change_lines__parent ON price_change_lines (parent_id, position);
CREATE INDEX ix_price_changes__job ON price_changes (job_id);

CREATE TABLE prices (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_prices__id UNIQUE,
  version {int} NOT NULL,
  price_type_id {id} NOT NULL,
  product_id {id} NOT NULL,
  valid_from {date} NOT NULL,
  price {int} NOT NULL,
  currency {text} NOT NULL,
  price_change_id {id},
  recorded_at {instant},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant}
);
CREATE UNIQUE INDEX uq_prices__source__external_id ON prices (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_prices__sort ON prices (valid_from, id);
CREATE INDEX ix_prices__lookup ON prices (price_type_id, product_id, valid_from, seq, price);
CREATE INDEX ix_prices__change ON prices (price_change_id);

CREATE TABLE agreements (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_agreements__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  partner_id {id},
  segment_id {id},
  standard_id {id},
  company_id {id} NOT NULL,
  price_type_id {id} NOT NULL,
  price_list_id {id},
  currency {text} NOT NULL,
  vat {text} NOT NULL,
  payment_terms {json},
  payment_stages {json},
  order_type_id {id},
  payment_form_id {id},
  settlement_by {text} NOT NULL,
  delivery_terms {text},
  tax_regime {text},
  sale_kind {text} NOT NULL,
  packaging_days {int},
  warehouse_id {id},
  fulfilment {text} NOT NULL,
  delivery_weekdays {json},
  delivery_lead_days {int},
  discount_percent {int},
  credit_limit {int},
  valid_from {date},
  valid_to {date},
  priority {int} NOT NULL,
  comment {text},
  rule_revision {int} NOT NULL,
  state {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_agreements__source__external_id ON agreements (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_agreements__sort ON agreements (name_key, id, archived);
CREATE INDEX ix_agreements__partner_id ON agreements (partner_id, name_key, id, archived);
{search agreements}
CREATE TABLE agreement_lines (
  id {id} NOT NULL CONSTRAINT pk_agreement_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES agreements (id),
  position {int} NOT NULL,
  product_id {id},
  category_id {id},
  price_group_id {id},
  product_segment_id {id},
  price_type_id {id},
  price {int},
  discount_percent {int}
);
CREATE INDEX ix_agreement_lines__parent ON agreement_lines (parent_id, position);
CREATE INDEX ix_agreements__rules ON agreements (rule_revision);
CREATE INDEX ix_agreements__terms ON agreements (company_id, partner_id, state);

CREATE TABLE contracts (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_contracts__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  name {text},
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  counterparty_id {id},
  manager_id {id},
  currency {text} NOT NULL,
  amount {int},
  valid_from {date},
  valid_to {date},
  price_type_id {id},
  price_list_id {id},
  discount_percent {int},
  vat {text} NOT NULL,
  payment_terms {json},
  payment_stages {json},
  delivery_terms {text},
  delivery_days {int},
  remind_days {int},
  reminded_for {date},
  comment {text},
  rule_revision {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_contracts__source__external_id ON contracts (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_contracts__sort ON contracts (date, id, archived);
CREATE INDEX ix_contracts__manager_id ON contracts (manager_id, date, id, archived);
CREATE INDEX ix_contracts__partner_id ON contracts (partner_id, date, id, archived);
{search contracts}
CREATE TABLE contract_lines (
  id {id} NOT NULL CONSTRAINT pk_contract_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES contracts (id),
  position {int} NOT NULL,
  due_on {date} NOT NULL,
  product_id {id},
  category_id {id},
  quantity {int},
  price {int},
  amount {int},
  note {text}
);
CREATE INDEX ix_contract_lines__parent ON contract_lines (parent_id, position);
CREATE INDEX ix_contracts__rules ON contracts (rule_revision);
CREATE INDEX ix_contracts__ends ON contracts (valid_to);

CREATE TABLE price_list_mappings (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_price_list_mappings__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  partner_id {id} NOT NULL,
  columns {json},
  currency {text},
  vat {text},
  sheets {json},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_price_list_mappings__source__external_id ON price_list_mappings (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_price_list_mappings__partner_id ON price_list_mappings (partner_id);
CREATE INDEX ix_price_list_mappings__sort ON price_list_mappings (name_key, id, archived);
CREATE INDEX ix_price_list_mappings__partner_id ON price_list_mappings (partner_id, name_key, id, archived);
{search price_list_mappings}

CREATE TABLE supplier_prices (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_supplier_prices__id UNIQUE,
  version {int} NOT NULL,
  partner_id {id} NOT NULL,
  supplier_code {text},
  supplier_name {text} NOT NULL,
  supplier_group {text},
  barcode {text},
  product_id {id},
  matched {text} NOT NULL,
  match_score {int},
  price {int},
  currency {text} NOT NULL,
  vat {text} NOT NULL,
  unit {text},
  stock {text},
  lots {json},
  valid_from {date} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  supplier_name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_supplier_prices__source__external_id ON supplier_prices (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_supplier_prices__sort ON supplier_prices (supplier_name_key, id, archived);
CREATE INDEX ix_supplier_prices__partner_id ON supplier_prices (partner_id, supplier_name_key, id, archived);
{search supplier_prices}
CREATE INDEX ix_supplier_prices__product ON supplier_prices (product_id);
CREATE INDEX ix_supplier_prices__partner ON supplier_prices (partner_id, supplier_code);

CREATE TABLE supply_terms (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_supply_terms__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  partner_id {id} NOT NULL,
  rate_type_id {id},
  coefficient {int} NOT NULL,
  priority {int} NOT NULL,
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_supply_terms__source__external_id ON supply_terms (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_supply_terms__partner_id ON supply_terms (partner_id);
CREATE INDEX ix_supply_terms__sort ON supply_terms (name_key, id, archived);
CREATE INDEX ix_supply_terms__partner_id ON supply_terms (partner_id, name_key, id, archived);
{search supply_terms}
CREATE TABLE supply_terms_lines (
  id {id} NOT NULL CONSTRAINT pk_supply_terms_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES supply_terms (id),
  position {int} NOT NULL,
  category_id {id} NOT NULL,
  coefficient {int} NOT NULL
);
CREATE INDEX ix_supply_terms_lines__parent ON supply_terms_lines (parent_id, position);

CREATE TABLE warehouses (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_warehouses__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  company_id {id} NOT NULL,
  control {text},
  keeper_id {id},
  address {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_warehouses__source__external_id ON warehouses (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_warehouses__name ON warehouses (name);
CREATE INDEX ix_warehouses__sort ON warehouses (name_key, id, archived);
{search warehouses}

CREATE TABLE stock_receipts (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_stock_receipts__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  warehouse_id {id},
  supplier_id {id},
  total {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_stock_receipts__source__external_id ON stock_receipts (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_stock_receipts__sort ON stock_receipts (date, id);
CREATE INDEX ix_stock_receipts__supplier_id ON stock_receipts (supplier_id, date, id);
{search stock_receipts}
CREATE TABLE stock_receipt_lines (
  id {id} NOT NULL CONSTRAINT pk_stock_receipt_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES stock_receipts (id),
  position {int} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL,
  cost {int},
  amount {int} NOT NULL
);
CREATE INDEX ix_stock_receipt_lines__parent ON stock_receipt_lines (parent_id, position);

CREATE TABLE settlement_documents (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_settlement_documents__id UNIQUE,
  version {int} NOT NULL,
  entity {text} NOT NULL,
  number {text} NOT NULL,
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  currency {text} NOT NULL,
  date {date} NOT NULL,
  due_date {date} NOT NULL,
  amount {int} NOT NULL,
  open {int} NOT NULL,
  counterparty_id {id} NOT NULL,
  agreement_id {id} NOT NULL,
  contract_id {id} NOT NULL,
  order_id {id},
  opening_balance_id {id},
  settle_by {text} NOT NULL,
  staged {bool} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant}
);
CREATE UNIQUE INDEX uq_settlement_documents__source__external_id ON settlement_documents (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_settlement_documents__sort ON settlement_documents (date, id);
CREATE INDEX ix_settlement_documents__partner_id ON settlement_documents (partner_id, date, id);
CREATE INDEX ix_settlement_documents__open ON settlement_documents (company_id, partner_id, currency, open) WHERE open <> 0;
CREATE INDEX ix_settlement_documents__due ON settlement_documents (due_date, company_id) WHERE open > 0;
CREATE INDEX ix_settlement_documents__order ON settlement_documents (order_id);
CREATE INDEX ix_settlement_documents__opening ON settlement_documents (opening_balance_id) WHERE opening_balance_id IS NOT NULL;

CREATE TABLE settlement_stages (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_settlement_stages__id UNIQUE,
  version {int} NOT NULL,
  document_id {id} NOT NULL,
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  due_date {date} NOT NULL,
  amount {int} NOT NULL,
  later {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant}
);
CREATE UNIQUE INDEX uq_settlement_stages__source__external_id ON settlement_stages (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_settlement_stages__sort ON settlement_stages (due_date, id);
CREATE INDEX ix_settlement_stages__partner_id ON settlement_stages (partner_id, due_date, id);
CREATE INDEX ix_settlement_stages__document ON settlement_stages (document_id, due_date);

CREATE TABLE interactions (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_interactions__id UNIQUE,
  version {int} NOT NULL,
  kind {text} NOT NULL,
  subject {text} NOT NULL,
  text {text},
  state {text} NOT NULL,
  partner_id {id},
  contact_id {id},
  deal_id {id},
  responsible_id {id},
  at {instant} NOT NULL,
  happened_at {instant},
  planned_at {instant},
  duration_minutes {int},
  result {text},
  next_step {text},
  rating {int},
  impression {text},
  previous_id {id},
  task_id {id},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  subject_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_interactions__source__external_id ON interactions (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_interactions__sort ON interactions (at, id, archived);
CREATE INDEX ix_interactions__partner_id ON interactions (partner_id, at, id, archived);
CREATE INDEX ix_interactions__responsible_id ON interactions (responsible_id, at, id, archived);
{search interactions}
CREATE TABLE interaction_participants (
  id {id} NOT NULL CONSTRAINT pk_interaction_participants PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES interactions (id),
  position {int} NOT NULL,
  text {text},
  contact_id {id},
  partner_id {id},
  user_id {id}
);
CREATE INDEX ix_interaction_participants__parent ON interaction_participants (parent_id, position);
CREATE INDEX ix_interactions__contact ON interactions (contact_id, at);
CREATE INDEX ix_interactions__deal ON interactions (deal_id, at);
CREATE INDEX ix_interactions__previous ON interactions (previous_id);

CREATE TABLE tasks (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_tasks__id UNIQUE,
  version {int} NOT NULL,
  subject {text} NOT NULL,
  text {text},
  kind {text} NOT NULL,
  state {text} NOT NULL,
  importance {text} NOT NULL,
  percent {int} NOT NULL,
  due_at {instant},
  reminder_at {instant},
  started_at {instant},
  done_at {instant},
  partner_id {id},
  contact_id {id},
  deal_id {id},
  interaction_id {id},
  sales_order_id {id},
  author_id {id},
  doer_id {id},
  controller_id {id},
  result {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  subject_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_tasks__source__external_id ON tasks (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_tasks__sort ON tasks (due_at, id, archived);
CREATE INDEX ix_tasks__doer_id ON tasks (doer_id, due_at, id, archived);
CREATE INDEX ix_tasks__partner_id ON tasks (partner_id, due_at, id, archived);
{search tasks}
CREATE INDEX ix_tasks__author ON tasks (author_id);
CREATE INDEX ix_tasks__controller ON tasks (controller_id);
CREATE INDEX ix_tasks__deal ON tasks (deal_id);
CREATE INDEX ix_tasks__interaction ON tasks (interaction_id);
CREATE INDEX ix_tasks__sales_order ON tasks (sales_order_id);
CREATE INDEX ix_tasks__todo ON tasks (doer_id, state, due_at);

CREATE TABLE deal_kinds (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_deal_kinds__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  control {text} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_deal_kinds__source__external_id ON deal_kinds (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_deal_kinds__name ON deal_kinds (name);
CREATE INDEX ix_deal_kinds__sort ON deal_kinds (name_key, id, archived);
{search deal_kinds}

CREATE TABLE stages (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_stages__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  kind_id {id} NOT NULL,
  position {int} NOT NULL,
  probability {int} NOT NULL,
  norm_days {int},
  instructions {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_stages__source__external_id ON stages (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_stages__kind_id__name ON stages (kind_id, name);
CREATE INDEX ix_stages__sort ON stages (position, id, archived);
{search stages}
CREATE INDEX ix_stages__kind ON stages (kind_id, position);

CREATE TABLE loss_reasons (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_loss_reasons__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  names {json},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_loss_reasons__source__external_id ON loss_reasons (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_loss_reasons__name ON loss_reasons (name);
CREATE INDEX ix_loss_reasons__sort ON loss_reasons (name_key, id, archived);
{search loss_reasons}

CREATE TABLE deals (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_deals__id UNIQUE,
  version {int} NOT NULL,
  state {text} NOT NULL,
  name {text} NOT NULL,
  partner_id {id},
  contact_id {id},
  amount {int},
  currency {text} NOT NULL,
  company_id {id},
  kind_id {id},
  stage_id {id},
  probability {int},
  manager_id {id},
  lead_source_id {id},
  opened_on {date},
  closes_on {date},
  closed_on {date},
  stage_since {instant},
  won_amount {int},
  loss_reason_id {id},
  winner_id {id},
  next_step {text},
  next_step_on {date},
  initial_need {text},
  tags {json},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_deals__source__external_id ON deals (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_deals__sort ON deals (name_key, id, archived);
CREATE INDEX ix_deals__manager_id ON deals (manager_id, name_key, id, archived);
CREATE INDEX ix_deals__partner_id ON deals (partner_id, name_key, id, archived);
CREATE INDEX ix_deals__winner_id ON deals (winner_id, name_key, id, archived);
{search deals}
CREATE TABLE deal_lines (
  id {id} NOT NULL CONSTRAINT pk_deal_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES deals (id),
  position {int} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int},
  amount {int}
);
CREATE INDEX ix_deal_lines__parent ON deal_lines (parent_id, position);
CREATE TABLE deal_participants (
  id {id} NOT NULL CONSTRAINT pk_deal_participants PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES deals (id),
  position {int} NOT NULL,
  role {text} NOT NULL,
  contact_id {id},
  partner_id {id},
  user_id {id},
  note {text}
);
CREATE INDEX ix_deal_participants__parent ON deal_participants (parent_id, position);
CREATE INDEX ix_deals__stage ON deals (state, stage_id);
CREATE INDEX ix_deals__closed ON deals (state, closed_on);
CREATE INDEX ix_deals__kind ON deals (kind_id, state);
CREATE INDEX ix_deal_lines__product ON deal_lines (product_id);

CREATE TABLE deal_stage_log (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_deal_stage_log__id UNIQUE,
  version {int} NOT NULL,
  deal_id {id} NOT NULL,
  stage_name {text} NOT NULL,
  kind_id {id},
  stage_id {id} NOT NULL,
  manager_id {id},
  entered_at {instant} NOT NULL,
  left_at {instant},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant}
);
CREATE UNIQUE INDEX uq_deal_stage_log__source__external_id ON deal_stage_log (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_deal_stage_log__sort ON deal_stage_log (entered_at, id);
CREATE INDEX ix_deal_stage_log__deal_id ON deal_stage_log (deal_id, entered_at, id);
CREATE INDEX ix_deal_stage_log__deal ON deal_stage_log (deal_id, entered_at);
CREATE INDEX ix_deal_stage_log__stage ON deal_stage_log (stage_id, entered_at);

CREATE TABLE rebates (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_rebates__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  partner_id {id} NOT NULL,
  currency {text},
  period_from {date} NOT NULL,
  period_to {date} NOT NULL,
  total {int} NOT NULL,
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_rebates__source__external_id ON rebates (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_rebates__sort ON rebates (date, id);
CREATE INDEX ix_rebates__partner_id ON rebates (partner_id, date, id);
{search rebates}
CREATE TABLE rebate_lines (
  id {id} NOT NULL CONSTRAINT pk_rebate_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES rebates (id),
  position {int} NOT NULL,
  condition_id {id},
  client_id {id},
  base {int} NOT NULL,
  percent {int} NOT NULL,
  amount {int} NOT NULL
);
CREATE INDEX ix_rebate_lines__parent ON rebate_lines (parent_id, position);

CREATE TABLE quotes (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_quotes__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  partner_id {id} NOT NULL,
  counterparty_id {id},
  agreement_id {id},
  contract_id {id},
  warehouse_id {id},
  currency {text},
  vat {text},
  payment_terms {json},
  payment_stages {json},
  manager_id {id},
  ship_to {text},
  country {text},
  price_type_id {id},
  deal_id {id},
  order_type_id {id},
  deal_kind_id {id},
  payment_form_id {id},
  loyalty_card_id {id},
  sale_kind {text},
  packaging_days {int},
  total {int} NOT NULL,
  vat_total {int} NOT NULL,
  net_total {int} NOT NULL,
  cost_total {int} NOT NULL,
  margin {int} NOT NULL,
  cancel_reason {text},
  frozen {json},
  valid_until {date},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_quotes__source__external_id ON quotes (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_quotes__sort ON quotes (date, id);
CREATE INDEX ix_quotes__deal_id ON quotes (deal_id, date, id);
CREATE INDEX ix_quotes__manager_id ON quotes (manager_id, date, id);
CREATE INDEX ix_quotes__partner_id ON quotes (partner_id, date, id);
{search quotes}
CREATE TABLE quote_lines (
  id {id} NOT NULL CONSTRAINT pk_quote_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES quotes (id),
  position {int} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL,
  unit_id {id},
  price {int},
  discount_percent {int},
  warehouse_id {id},
  ship_on {date},
  supply {text},
  note {text},
  manual_price {bool} NOT NULL,
  manual_discount {bool} NOT NULL,
  rule_price {int},
  discount_amount {int} NOT NULL,
  base_quantity {int} NOT NULL,
  amount {int} NOT NULL,
  vat_percent {int} NOT NULL,
  vat_amount {int} NOT NULL,
  cost {int} NOT NULL,
  trace {text}
);
CREATE INDEX ix_quote_lines__parent ON quote_lines (parent_id, position);

CREATE TABLE sales_orders (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_sales_orders__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  partner_id {id} NOT NULL,
  counterparty_id {id},
  agreement_id {id},
  contract_id {id},
  warehouse_id {id},
  currency {text},
  vat {text},
  payment_terms {json},
  payment_stages {json},
  manager_id {id},
  ship_to {text},
  country {text},
  price_type_id {id},
  deal_id {id},
  order_type_id {id},
  deal_kind_id {id},
  payment_form_id {id},
  loyalty_card_id {id},
  sale_kind {text},
  packaging_days {int},
  total {int} NOT NULL,
  vat_total {int} NOT NULL,
  net_total {int} NOT NULL,
  cost_total {int} NOT NULL,
  margin {int} NOT NULL,
  cancel_reason {text},
  frozen {json},
  quote_id {id},
  ship_on {date},
  shipped_total {int} NOT NULL,
  paid_total {int} NOT NULL,
  deviations {json},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_sales_orders__source__external_id ON sales_orders (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_sales_orders__sort ON sales_orders (date, id);
CREATE INDEX ix_sales_orders__deal_id ON sales_orders (deal_id, date, id);
CREATE INDEX ix_sales_orders__manager_id ON sales_orders (manager_id, date, id);
CREATE INDEX ix_sales_orders__partner_id ON sales_orders (partner_id, date, id);
CREATE INDEX ix_sales_orders__quote_id ON sales_orders (quote_id, date, id);
{search sales_orders}
CREATE TABLE sales_order_lines (
  id {id} NOT NULL CONSTRAINT pk_sales_order_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES sales_orders (id),
  position {int} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL,
  unit_id {id},
  price {int},
  discount_percent {int},
  warehouse_id {id},
  ship_on {date},
  supply {text},
  note {text},
  manual_price {bool} NOT NULL,
  manual_discount {bool} NOT NULL,
  rule_price {int},
  discount_amount {int} NOT NULL,
  base_quantity {int} NOT NULL,
  amount {int} NOT NULL,
  vat_percent {int} NOT NULL,
  vat_amount {int} NOT NULL,
  cost {int} NOT NULL,
  shipped_quantity {int} NOT NULL,
  trace {text}
);
CREATE INDEX ix_sales_order_lines__parent ON sales_order_lines (parent_id, position);
CREATE INDEX ix_sales_orders__open ON sales_orders (state, ship_on);

CREATE TABLE shipments (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_shipments__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  sales_order_id {id},
  partner_id {id} NOT NULL,
  counterparty_id {id},
  agreement_id {id},
  contract_id {id},
  warehouse_id {id},
  currency {text},
  vat {text},
  payment_terms {json},
  payment_stages {json},
  manager_id {id},
  ship_to {text},
  country {text},
  deal_id {id},
  due_date {date},
  sale_kind {text},
  packaging_return_on {date},
  total {int} NOT NULL,
  vat_total {int} NOT NULL,
  net_total {int} NOT NULL,
  cost_total {int} NOT NULL,
  margin {int} NOT NULL,
  frozen {json},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_shipments__source__external_id ON shipments (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_shipments__sort ON shipments (date, id);
CREATE INDEX ix_shipments__deal_id ON shipments (deal_id, date, id);
CREATE INDEX ix_shipments__manager_id ON shipments (manager_id, date, id);
CREATE INDEX ix_shipments__partner_id ON shipments (partner_id, date, id);
CREATE INDEX ix_shipments__sales_order_id ON shipments (sales_order_id, date, id);
{search shipments}
CREATE TABLE shipment_lines (
  id {id} NOT NULL CONSTRAINT pk_shipment_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES shipments (id),
  position {int} NOT NULL,
  order_line_id {text},
  product_id {id},
  quantity {int},
  unit_id {id},
  price {int},
  discount_percent {int} NOT NULL,
  discount_amount {int} NOT NULL,
  warehouse_id {id},
  note {text},
  base_quantity {int} NOT NULL,
  amount {int} NOT NULL,
  vat_percent {int} NOT NULL,
  vat_amount {int} NOT NULL,
  cost {int} NOT NULL
);
CREATE INDEX ix_shipment_lines__parent ON shipment_lines (parent_id, position);

CREATE TABLE returns (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_returns__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  shipment_id {id},
  partner_id {id} NOT NULL,
  counterparty_id {id},
  agreement_id {id},
  contract_id {id},
  warehouse_id {id},
  currency {text},
  vat {text},
  payment_terms {json},
  payment_stages {json},
  manager_id {id},
  ship_to {text},
  country {text},
  deal_id {id},
  reason {text},
  total {int} NOT NULL,
  vat_total {int} NOT NULL,
  net_total {int} NOT NULL,
  cost_total {int} NOT NULL,
  margin {int} NOT NULL,
  frozen {json},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_returns__source__external_id ON returns (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_returns__sort ON returns (date, id);
CREATE INDEX ix_returns__manager_id ON returns (manager_id, date, id);
CREATE INDEX ix_returns__partner_id ON returns (partner_id, date, id);
CREATE INDEX ix_returns__shipment_id ON returns (shipment_id, date, id);
{search returns}
CREATE TABLE return_lines (
  id {id} NOT NULL CONSTRAINT pk_return_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES returns (id),
  position {int} NOT NULL,
  product_id {id},
  quantity {int},
  unit_id {id},
  price {int},
  discount_percent {int} NOT NULL,
  discount_amount {int} NOT NULL,
  warehouse_id {id},
  note {text},
  base_quantity {int} NOT NULL,
  amount {int} NOT NULL,
  vat_percent {int} NOT NULL,
  vat_amount {int} NOT NULL,
  cost {int} NOT NULL
);
CREATE INDEX ix_return_lines__parent ON return_lines (parent_id, position);

CREATE TABLE payments (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_payments__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  partner_id {id} NOT NULL,
  counterparty_id {id},
  agreement_id {id},
  contract_id {id},
  sales_order_id {id},
  amount {int} NOT NULL,
  currency {text} NOT NULL,
  direction {text} NOT NULL,
  method {text} NOT NULL,
  purpose {text},
  allocations {json},
  frozen {json},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_payments__source__external_id ON payments (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_payments__sort ON payments (date, id);
CREATE INDEX ix_payments__partner_id ON payments (partner_id, date, id);
CREATE INDEX ix_payments__sales_order_id ON payments (sales_order_id, date, id);
{search payments}

CREATE TABLE opening_balances (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_opening_balances__id UNIQUE,
  version {int} NOT NULL,
  number {text} NOT NULL,
  date {date} NOT NULL,
  state {text} NOT NULL,
  company_id {id} NOT NULL,
  revision {int} NOT NULL,
  posted_at {instant},
  comment {text},
  custom {json},
  source {text},
  external_id {text},
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_opening_balances__source__external_id ON opening_balances (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_opening_balances__sort ON opening_balances (date, id);
{search opening_balances}
CREATE TABLE opening_balance_lines (
  id {id} NOT NULL CONSTRAINT pk_opening_balance_lines PRIMARY KEY,
  parent_id {id} NOT NULL REFERENCES opening_balances (id),
  position {int} NOT NULL,
  partner_id {id} NOT NULL,
  number {text},
  date {date},
  due_date {date},
  side {text} NOT NULL,
  amount {int} NOT NULL,
  currency {text},
  agreement_id {id},
  contract_id {id},
  counterparty_id {id}
);
CREATE INDEX ix_opening_balance_lines__parent ON opening_balance_lines (parent_id, position);

CREATE TABLE rate_feeds (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_rate_feeds__id UNIQUE,
  version {int} NOT NULL,
  name {text} NOT NULL,
  url {text} NOT NULL,
  active {bool} NOT NULL,
  tried_at {instant},
  loaded_at {instant},
  loaded {int},
  error {json},
  custom {json},
  source {text},
  external_id {text},
  archived {bool} NOT NULL,
  created_by_id {id},
  created_at {instant},
  updated_at {instant},
  name_key {bytes} NOT NULL,
  search_text {text} NOT NULL
);
CREATE UNIQUE INDEX uq_rate_feeds__source__external_id ON rate_feeds (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX uq_rate_feeds__name ON rate_feeds (name);
CREATE INDEX ix_rate_feeds__sort ON rate_feeds (name_key, id, archived);
{search rate_feeds}

CREATE TABLE reg_stock_movements (
  seq {seq},
  month {date} NOT NULL,
  period {date} NOT NULL,
  recorder_entity {text} NOT NULL,
  recorder_id {id} NOT NULL,
  line_no {int} NOT NULL,
  storno {bool} NOT NULL,
  warehouse_id {id} NOT NULL,
  product_id {id} NOT NULL,
  on_hand {int} NOT NULL,
  reserved {int} NOT NULL
);
CREATE INDEX ix_reg_stock_movements__recorder ON reg_stock_movements (recorder_id);
CREATE INDEX ix_reg_stock_movements__month ON reg_stock_movements (month, warehouse_id, product_id, period, on_hand, reserved);
CREATE TABLE reg_stock_totals (
  month {date} NOT NULL,
  warehouse_id {id} NOT NULL,
  product_id {id} NOT NULL,
  on_hand {int} NOT NULL,
  reserved {int} NOT NULL,
  risen_on {date} NOT NULL,
  CONSTRAINT pk_reg_stock_totals PRIMARY KEY (month, warehouse_id, product_id)
)
{sqlite} WITHOUT ROWID
;

CREATE TABLE reg_stock_cost_movements (
  seq {seq},
  month {date} NOT NULL,
  period {date} NOT NULL,
  recorder_entity {text} NOT NULL,
  recorder_id {id} NOT NULL,
  line_no {int} NOT NULL,
  storno {bool} NOT NULL,
  company_id {id} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL,
  amount {int} NOT NULL
);
CREATE INDEX ix_reg_stock_cost_movements__recorder ON reg_stock_cost_movements (recorder_id);
CREATE INDEX ix_reg_stock_cost_movements__month ON reg_stock_cost_movements (month, company_id, product_id, period, quantity, amount);
CREATE TABLE reg_stock_cost_totals (
  month {date} NOT NULL,
  company_id {id} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL,
  amount {int} NOT NULL,
  CONSTRAINT pk_reg_stock_cost_totals PRIMARY KEY (month, company_id, product_id)
)
{sqlite} WITHOUT ROWID
;

CREATE TABLE reg_settlements_movements (
  seq {seq},
  period {date} NOT NULL,
  recorder_entity {text} NOT NULL,
  recorder_id {id} NOT NULL,
  line_no {int} NOT NULL,
  storno {bool} NOT NULL,
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  currency {text} NOT NULL,
  document_id {id} NOT NULL,
  counterparty_id {id} NOT NULL,
  agreement_id {id} NOT NULL,
  contract_id {id} NOT NULL,
  amount {int} NOT NULL
);
CREATE INDEX ix_reg_settlements_movements__recorder ON reg_settlements_movements (recorder_id);
CREATE INDEX ix_reg_settlements_movements__key ON reg_settlements_movements (company_id, partner_id, currency, document_id, counterparty_id, agreement_id, contract_id, period, amount);
CREATE TABLE reg_settlements_totals (
  month {date} NOT NULL,
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  currency {text} NOT NULL,
  document_id {id} NOT NULL,
  counterparty_id {id} NOT NULL,
  agreement_id {id} NOT NULL,
  contract_id {id} NOT NULL,
  amount {int} NOT NULL,
  CONSTRAINT pk_reg_settlements_totals PRIMARY KEY (month, company_id, partner_id, currency, document_id, counterparty_id, agreement_id, contract_id)
)
{sqlite} WITHOUT ROWID
;

CREATE TABLE reg_exposure_movements (
  seq {seq},
  period {date} NOT NULL,
  recorder_entity {text} NOT NULL,
  recorder_id {id} NOT NULL,
  line_no {int} NOT NULL,
  storno {bool} NOT NULL,
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  currency {text} NOT NULL,
  debt {int} NOT NULL,
  ordered {int} NOT NULL
);
CREATE INDEX ix_reg_exposure_movements__recorder ON reg_exposure_movements (recorder_id);
CREATE INDEX ix_reg_exposure_movements__key ON reg_exposure_movements (company_id, partner_id, currency, period, debt, ordered);
CREATE TABLE reg_exposure_totals (
  month {date} NOT NULL,
  company_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  currency {text} NOT NULL,
  debt {int} NOT NULL,
  ordered {int} NOT NULL,
  CONSTRAINT pk_reg_exposure_totals PRIMARY KEY (month, company_id, partner_id, currency)
)
{sqlite} WITHOUT ROWID
;

CREATE TABLE reg_sales_movements (
  seq {seq},
  period {date} NOT NULL,
  recorder_entity {text} NOT NULL,
  recorder_id {id} NOT NULL,
  line_no {int} NOT NULL,
  storno {bool} NOT NULL,
  company_id {id} NOT NULL,
  currency {text} NOT NULL,
  product_id {id} NOT NULL,
  partner_id {id} NOT NULL,
  manager_id {id} NOT NULL,
  warehouse_id {id} NOT NULL,
  deal_id {id} NOT NULL,
  country {text} NOT NULL,
  quantity {int} NOT NULL,
  revenue {int} NOT NULL,
  vat {int} NOT NULL,
  cost {int} NOT NULL
);
CREATE INDEX ix_reg_sales_movements__recorder ON reg_sales_movements (recorder_id);
CREATE INDEX ix_reg_sales_movements__period ON reg_sales_movements (period);
CREATE TABLE reg_sales_totals (
  month {date} NOT NULL,
  company_id {id} NOT NULL,
  currency {text} NOT NULL,
  product_id {id} NOT NULL,
  quantity {int} NOT NULL,
  revenue {int} NOT NULL,
  vat {int} NOT NULL,
  cost {int} NOT NULL,
  CONSTRAINT pk_reg_sales_totals PRIMARY KEY (month, company_id, currency, product_id)
)
{sqlite} WITHOUT ROWID
;

