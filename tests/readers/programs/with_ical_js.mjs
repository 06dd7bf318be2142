// What does ical.js find in .ics files? One line of JSON for each file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The libraries are installed beside neither this file nor the caller: the caller says where.
const { default: ICAL } = await import(createRequire(process.env.READERS_NODE + "/").resolve("ical.js"));

const twoDigits = (number) => String(number).padStart(2, "0");

function inWords(time) {
  if (time.isDate) return `${time.year}-${twoDigits(time.month)}-${twoDigits(time.day)}`;
  if (time.zone === ICAL.Timezone.localTimezone) return time.toString();
  return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

for (const name of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(name, "utf-8")));
  const rows = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      start: inWords(event.startDate),
      end: inWords(event.endDate),
      summary: event.summary,
      status: component.getFirstPropertyValue("status"),
    };
  });
  console.log(JSON.stringify(rows));
}
