/** Odoo's `browser` for the tab that imports it. */
import {tabs} from "./tab.js";

const number = Number(new URL(import.meta.url).searchParams.get("tab"));

export const {browser} = tabs.get(number);
