package org.voco4j.recipe;

import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** YAML text of a recipe to a tree and back: groups as blocks, lists on one line. */
final class RecipeYaml {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Words that stay the same string without quotes in YAML 1.1 as well as in 1.2. */
    private static final Pattern PLAIN =
            Pattern.compile("(?!(?i:true|false|yes|no|on|off|null|y|n)$)[A-Za-z][\\w./-]*");

    private RecipeYaml() {}

    /**
     * Reads the groups of a recipe file; an empty file is an empty group.
     *
     * @param source the file or resource, for the message
     * @throws UsageException if the text is not YAML or not a group of keys
     */
    static ObjectNode readGroup(String text, String source) {
        JsonNode node = parse(text, source);
        if (node.isNull() || node.isMissingNode()) {
            return MAPPER.createObjectNode();
        }
        if (node instanceof ObjectNode group) {
            return group;
        }
        throw new UsageException(source + ": a recipe is a group of keys such as optim: and steps:, not " + show(node));
    }

    /** Reads one value as it would be read behind a key, so that {@code 1e-3} is a number and {@code [1, 2]} a list. */
    static JsonNode readValue(String text, String source) {
        JsonNode node = parse(text, source);
        return node.isMissingNode() ? MAPPER.nullNode() : node;
    }

    private static JsonNode parse(String text, String source) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new UsageException(source + fault(text, e), e);
        }
    }

    /** Where the text is no YAML, and what to look for; the parser's own words speak of its tokens. */
    private static String fault(String text, JacksonException e) {
        Optional<Mark> mark =
                e.getCause() instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
        TokenStreamLocation at = e.getLocation();
        int line = mark.map(m -> m.getLine() + 1).orElse(at == null ? 1 : at.getLineNr());
        int column = mark.map(m -> m.getColumn() + 1).orElse(at == null ? 1 : at.getColumnNr());
        String shown =
                text.lines().skip(Math.max(1, line) - 1).findFirst().orElse("").strip();
        return ", line " + line + ", column " + column + ": not valid YAML at '" + shown + "' "
                + (String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")
                        ? "(a key that was there before)"
                        : "(a colon and a space behind every key? indented like its neighbours, with spaces? brackets and"
                                + " quotes closed?)");
    }

    /** The text of a tree; {@link #readGroup} gives the same tree back. */
    static String write(ObjectNode tree) {
        StringBuilder out = new StringBuilder();
        writeGroup(tree, "", out);
        return out.toString();
    }

    private static void writeGroup(ObjectNode group, String indent, StringBuilder out) {
        for (Map.Entry<String, JsonNode> entry : group.properties()) {
            out.append(indent).append(key(entry.getKey())).append(':');
            if (entry.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
                out.append('\n');
                writeGroup(inner, indent + "  ", out);
            } else {
                out.append(' ').append(show(entry.getValue())).append('\n');
            }
        }
    }

    private static String key(String name) {
        return PLAIN.matcher(name).matches()
                ? name
                : JsonNodeFactory.instance.stringNode(name).toString();
    }

    /** One value on one line, as YAML. */
    static String show(@Nullable JsonNode node) {
        if (node == null) {
            return "null";
        }
        if (node.isArray()) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            node.forEach(item -> items.add(show(item)));
            return items.toString();
        }
        if (node.isString() && PLAIN.matcher(node.stringValue()).matches()) {
            return node.stringValue();
        }
        return node.toString(); // JSON, which is YAML: numbers, true, null, "quoted text", {}
    }
}
