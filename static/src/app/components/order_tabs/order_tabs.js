import {OrderTabs} from "@point_of_sale/app/components/order_tabs/order_tabs";
import {SciOrderBadge} from "@pos_mx51_sci/app/status/sci_order_badge";

Object.assign(OrderTabs.components, {SciOrderBadge});
