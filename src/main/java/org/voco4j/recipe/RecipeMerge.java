package org.voco4j.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lays one tree of keys over another and refuses what does not fit the defaults: unknown keys, other types, nulls where
 * a value is needed.
 *
 * <p>The defaults say which keys exist and of which type each value is. A key whose default is null takes any value; the
 * record it is bound to decides. A group that is empty in the defaults takes keys of the user's own, each a
 * whole number or a list of them; it is replaced as a whole. A group whose only key in the defaults is {@code NAME} takes names
 * of the user's own in its place, each with a value, or a group of keys, as {@code NAME} has it.
 */
final class RecipeMerge {

    private static final String NAME = "NAME";

    private final ObjectNode defaults;
    private final List<String> paths = new ArrayList<>();

    RecipeMerge(ObjectNode defaults) {
        this.defaults = defaults;
        collect(defaults, "");
    }

    private void collect(ObjectNode group, String prefix) {
        for (Map.Entry<String, JsonNode> entry : group.properties()) {
            paths.add(prefix + entry.getKey());
            if (entry.getValue() instanceof ObjectNode inner) {
                collect(inner, prefix + entry.getKey() + ".");
            }
        }
    }

    /** The values that a tree of defaults stands for: itself, without what only stands for names to come. */
    static ObjectNode values(ObjectNode defaults) {
        ObjectNode values = defaults.objectNode();
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            if (!isNamed(defaults)) {
                values.set(
                        entry.getKey(),
                        entry.getValue() instanceof ObjectNode group
                                ? values(group)
                                : entry.getValue().deepCopy());
            }
        }
        return values;
    }

    /**
     * Writes the values of {@code over} into {@code values}.
     *
     * @param source the file or option the values come from
     * @param origins receives the source of each key path written
     * @throws UsageException naming the source and the key path
     */
    void apply(ObjectNode over, ObjectNode values, String source, Map<String, String> origins) {
        apply(defaults, values, over, "", source, origins);
    }

    private void apply(
            ObjectNode known,
            ObjectNode values,
            ObjectNode over,
            String prefix,
            String source,
            Map<String, String> origins) {
        for (Map.Entry<String, JsonNode> entry : over.properties()) {
            String key = entry.getKey();
            String path = prefix + key;
            JsonNode pattern = known.get(isNamed(known) ? NAME : key);
            if (pattern == null) {
                throw new UsageException(source + ": unknown key " + path + hint(path, key, prefix, known));
            }
            if (isOpen(pattern)) {
                values.set(key, named(entry, path, source));
                origins.put(path, source);
            } else if (pattern instanceof ObjectNode inner) {
                if (entry.getValue() instanceof ObjectNode group) {
                    if (!values.has(key)) {
                        values.set(key, values(inner));
                    }
                    apply(inner, (ObjectNode) values.get(key), group, path + ".", source, origins);
                } else if (!entry.getValue().isNull()) { // "optim:" with nothing below it changes nothing
                    throw wrong(source, path, "a group of keys (" + String.join(", ", names(inner)) + ")", entry);
                }
            } else {
                values.set(key, checked(pattern, entry, path, source));
                origins.put(path, source);
            }
        }
    }

    /** Whether a group takes keys of the user's own. */
    static boolean isOpen(@Nullable JsonNode pattern) {
        return pattern instanceof ObjectNode group && group.isEmpty();
    }

    /** Whether a group takes names of the user's own, each with what {@code NAME} has. */
    static boolean isNamed(@Nullable JsonNode pattern) {
        return pattern instanceof ObjectNode group && group.size() == 1 && group.has(NAME);
    }

    /** Names of the user's own with whole numbers, each a list; no value means none. */
    private static ObjectNode named(Map.Entry<String, JsonNode> entry, String path, String source) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        JsonNode given = entry.getValue();
        boolean fits = given.isNull() || given.isObject();
        for (Map.Entry<String, JsonNode> pair : given.properties()) {
            JsonNode value = pair.getValue();
            fits &= value.isIntegralNumber()
                    || (value.isArray() && value.valueStream().allMatch(JsonNode::isIntegralNumber));
            if (value.isArray()) {
                named.set(pair.getKey(), value);
            } else {
                named.putArray(pair.getKey()).add(value);
            }
        }
        if (!fits) {
            throw wrong(source, path, "names with whole numbers such as {left: 1, right: [2, 3]}", entry);
        }
        return named;
    }

    private String hint(String path, String key, String prefix, ObjectNode known) {
        if (key.contains(".")) {
            return "; in a file keys are nested: write " + key.substring(0, key.indexOf('.'))
                    + ": and below it the rest";
        }
        String meant = Suggestion.nearestPath(path, paths);
        if (meant != null) {
            return ", did you mean " + meant + "?";
        }
        String keys = String.join(", ", names(known));
        return prefix.isEmpty()
                ? "; known are " + keys
                : "; known in " + prefix.substring(0, prefix.length() - 1) + " are " + keys;
    }

    private static JsonNode checked(JsonNode pattern, Map.Entry<String, JsonNode> entry, String path, String source) {
        JsonNode fitted = fit(pattern, entry.getValue());
        if (fitted == null) {
            throw wrong(source, path, kind(pattern), entry);
        }
        return fitted;
    }

    private static UsageException wrong(String source, String path, String kind, Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        String shown = value.isString() ? "\"" + value.stringValue() + "\"" : RecipeYaml.show(value);
        return new UsageException(source + ": " + path + " must be " + kind + ", not " + shown);
    }

    /** The value as a value of the pattern's type (a whole number becomes a fraction where one is due), or null. */
    private static @Nullable JsonNode fit(JsonNode pattern, JsonNode value) {
        if (pattern.isNull()) {
            return value.isObject() ? null : value;
        }
        if (pattern.isFloatingPointNumber()) {
            return value.isNumber() && Double.isFinite(value.doubleValue())
                    ? DoubleNode.valueOf(value.doubleValue())
                    : null;
        }
        if (pattern instanceof ArrayNode list) {
            return value instanceof ArrayNode given ? fitList(list.get(0), given) : null;
        }
        boolean same = (pattern.isIntegralNumber() && value.isIntegralNumber())
                || (pattern.isBoolean() && value.isBoolean())
                || (pattern.isString() && value.isString());
        return same ? value : null;
    }

    private static @Nullable ArrayNode fitList(JsonNode pattern, ArrayNode given) {
        ArrayNode fitted = given.arrayNode();
        for (JsonNode item : given) {
            JsonNode one = fit(pattern, item);
            if (one == null) {
                return null;
            }
            fitted.add(one);
        }
        return fitted;
    }

    private static String kind(JsonNode pattern) {
        if (pattern.isNull()) {
            return "one value or a list";
        }
        if (pattern.isArray()) {
            return "a list of " + (pattern.get(0).isIntegralNumber() ? "whole numbers" : "numbers") + " such as "
                    + RecipeYaml.show(pattern);
        }
        if (pattern.isNumber()) {
            return pattern.isIntegralNumber() ? "a whole number" : "a number";
        }
        return pattern.isBoolean() ? "true or false" : "a word such as " + RecipeYaml.show(pattern);
    }

    private static List<String> names(ObjectNode group) {
        return group.properties().stream().map(Map.Entry::getKey).toList();
    }
}
