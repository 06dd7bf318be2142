/* What does libical find in .ics files, and do they keep its restrictions? One line of JSON for each file. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        stop(path, "cannot be opened");
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size)
        stop(path, "cannot be read");
    text[size] = '\0';
    fclose(file);
    return text;
}

/* What the parser and the check of restrictions have left in the components. */
static int print_errors(const char *path, icalcomponent *component)
{
    int found = 0;
    icalproperty *error = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    for (; error != NULL; error = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        fprintf(stderr, "%s: %s: %s\n", path, icalcomponent_kind_to_string(icalcomponent_isa(component)),
                icalproperty_get_xlicerror(error));
        found++;
    }
    icalcomponent *below = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; below != NULL; below = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        found += print_errors(path, below);
    return found;
}

static void print_text(const char *name, const char *text)
{
    if (text == NULL) {
        printf("\"%s\": null", name);
        return;
    }
    printf("\"%s\": \"", name);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20)
            printf("\\u%04x", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

/* A day as it is, a time in UTC; one without a zone stays without, so that it cannot pass for one in UTC. */
static void print_moment(const char *name, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    if (property == NULL) {
        print_text(name, NULL);
        return;
    }
    struct icaltimetype time = icalproperty_get_datetime_with_component(property, event);
    if (icaltime_is_date(time)) {
        printf("\"%s\": \"%04d-%02d-%02d\"", name, time.year, time.month, time.day);
        return;
    }
    int floating = icaltime_get_timezone(time) == NULL;
    if (!floating)
        time = icaltime_convert_to_zone(time, icaltimezone_get_utc_timezone());
    printf("\"%s\": \"%04d-%02d-%02dT%02d:%02d:%02d%s\"", name, time.year, time.month, time.day, time.hour, time.minute,
           time.second, floating ? "" : "Z");
}

static void print_event(icalcomponent *event)
{
    icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    putchar('{');
    print_text("uid", icalcomponent_get_uid(event));
    printf(", ");
    print_moment("start", event, ICAL_DTSTART_PROPERTY);
    printf(", ");
    print_moment("end", event, ICAL_DTEND_PROPERTY);
    printf(", ");
    print_text("summary", icalcomponent_get_summary(event));
    printf(", ");
    print_text("status", status == NULL ? NULL : icalproperty_get_value_as_string(status));
    putchar('}');
}

int main(int count, char **paths)
{
    int errors = 0;
    for (int n = 1; n < count; n++) {
        char *text = text_of(paths[n]);
        icalcomponent *calendar = icalparser_parse_string(text);
        if (calendar == NULL || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT)
            stop(paths[n], "is not one calendar");
        if (!icalrestriction_check(calendar)) {
            fprintf(stderr, "%s: does not keep the restrictions of the format\n", paths[n]);
            errors++;
        }
        errors += print_errors(paths[n], calendar);
        putchar('[');
        const char *between = "";
        icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
        for (; event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
            printf("%s", between);
            print_event(event);
            between = ", ";
        }
        printf("]\n");
        icalcomponent_free(calendar);
        free(text);
    }
    return errors > 0;
}
