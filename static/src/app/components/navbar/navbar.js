import {Navbar} from "@point_of_sale/app/components/navbar/navbar";
import {SciStatusMark} from "@pos_mx51_sci/app/status/sci_status_mark";

Object.assign(Navbar.components, {SciStatusMark});
