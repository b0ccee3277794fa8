CREATE INDEX ix_reg_stock_movements__storno ON reg_stock_movements (recorder_id) WHERE storno;
CREATE INDEX ix_reg_stock_cost_movements__storno ON reg_stock_cost_movements (recorder_id) WHERE storno;
CREATE INDEX ix_reg_settlements_movements__storno ON reg_settlements_movements (recorder_id) WHERE storno;
CREATE INDEX ix_reg_exposure_movements__storno ON reg_exposure_movements (recorder_id) WHERE storno;
CREATE INDEX ix_reg_sales_movements__storno ON reg_sales_movements (recorder_id) WHERE storno;
