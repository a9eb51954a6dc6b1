package org.voco4j.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of a run as a tree of keys: defaults, over them a recipe, over it {@code key=value} overrides.
 *
 * <p>The shipped {@code defaults.yaml} of a kind of run is the whole tree. A recipe, shipped or a user's file, may set any
 * of its keys to a value of the same type and nothing else; null is allowed where the default is null and means "as the
 * variant says". A recipe's {@code recipe:} block describes it ({@link #about()}) and is no part of the configuration.
 * Trees do not change once made.
 */
public final class RecipeTree {

    /** The kind of recipe for fine-tuning that classifies. */
    public static final String CLASSIFY = "classify";

    private static final String SET = "--set";
    private static final String ABOUT = "recipe";
    private static final Set<String> ABOUT_KEYS = Collections.unmodifiableSet(new LinkedHashSet<>(
            List.of("name", "task", "command", "download", "layout", "hardware", "time", "memory", "score", "source")));
    private static final String TASK = "task";
    private static final String CLASSIFICATION = "classification";

    private final String kind;
    private final ObjectNode defaults;
    private final ObjectNode values;
    private final Map<String, String> origins;
    private final Map<String, String> about;

    private RecipeTree(
            String kind,
            ObjectNode defaults,
            ObjectNode values,
            Map<String, String> origins,
            Map<String, String> about) {
        this.kind = kind;
        this.defaults = defaults;
        this.values = values;
        this.origins = origins;
        this.about = about;
    }

    /** A key whose value differs between two trees, the values written as YAML. */
    public record Change(String path, String before, String after) {}

    /**
     * The names of the shipped recipes.
     *
     * @param kind the kind of run, {@code pretrain}, {@code finetune}, {@code classify} or {@code study}
     */
    public static List<String> shipped(String kind) {
        return ShippedRecipes.names(kind);
    }

    /**
     * Whether a recipe for fine-tuning is for classification: a shipped one of that kind, or a file whose block {@code recipe}
     * says {@code task: classification}.
     *
     * @param recipe the name of a shipped recipe, the path of a YAML file, or null for none
     * @throws UsageException if there is no such recipe, or its task is another
     */
    public static boolean isClassification(@Nullable String recipe) {
        if (recipe == null || ShippedRecipes.names("finetune").contains(recipe)) {
            return false;
        }
        if (ShippedRecipes.names(CLASSIFY).contains(recipe)) {
            return true;
        }
        JsonNode block = RecipeYaml.readGroup(RecipeSource.file("finetune", recipe), recipe)
                .path(ABOUT);
        String task = block.path(TASK).asString("segmentation");
        if (!task.equals("segmentation") && !task.equals(CLASSIFICATION)) {
            throw new UsageException(
                    recipe + ": " + ABOUT + "." + TASK + " must be segmentation or classification, not " + task);
        }
        return task.equals(CLASSIFICATION);
    }

    /**
     * The tree of a run.
     *
     * @param kind the kind of run, {@code pretrain}, {@code finetune}, {@code classify} or {@code study}
     * @param recipe the name of a shipped recipe, the path of a YAML file, or null for the defaults alone
     * @param overrides {@code key.path=value}, applied in order; a value is read as YAML
     * @throws UsageException if there is no such recipe, or a key or value does not fit the defaults
     */
    public static RecipeTree load(String kind, @Nullable String recipe, List<String> overrides) {
        String text = ShippedRecipes.text(kind, ShippedRecipes.DEFAULTS);
        if (text == null) {
            throw new IllegalArgumentException("no recipes of kind " + kind);
        }
        RecipeTree tree = ofDefaults(kind, text);
        if (recipe != null) {
            String shipped = RecipeSource.shipped(kind, recipe);
            tree = shipped != null
                    ? tree.over(shipped, "recipe " + recipe)
                    : tree.over(RecipeSource.file(kind, recipe), recipe);
        }
        return tree.with(overrides);
    }

    /** The tree of the defaults alone. */
    static RecipeTree ofDefaults(String kind, String yaml) {
        ObjectNode defaults = RecipeYaml.readGroup(yaml, "defaults.yaml");
        for (String group : choices(kind, defaults)) {
            defaults.set(
                    group, choice(kind, group, defaults.path(group).path(TASK).asString(), "defaults.yaml"));
        }
        return new RecipeTree(kind, defaults, RecipeMerge.values(defaults), Map.of(), Map.of());
    }

    /** The groups whose further keys follow from the word at their key {@code task}. */
    private static List<String> choices(String kind, ObjectNode defaults) {
        return ShippedRecipes.tasks(kind).isEmpty()
                ? List.of()
                : defaults.properties().stream()
                        .filter(entry -> entry.getValue().has(TASK))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    /** The defaults of such a group. */
    private static ObjectNode choice(String kind, String group, String word, String source) {
        List<String> words = ShippedRecipes.tasks(kind);
        String text = words.contains(word) ? ShippedRecipes.text(kind, ShippedRecipes.TASKS + word) : null;
        if (text == null) {
            throw new UsageException(source + ": " + group + "." + TASK + " must be one of " + String.join(", ", words)
                    + ", not " + word);
        }
        ObjectNode keys = RecipeYaml.readGroup(text, word);
        ObjectNode chosen = keys.objectNode();
        chosen.put(TASK, word);
        chosen.setAll(keys);
        return chosen;
    }

    /** This tree with the keys of other tasks, where {@code over} names one. */
    private RecipeTree choosing(ObjectNode over, String source) {
        RecipeTree tree = this;
        for (String group : choices(kind, defaults)) {
            JsonNode word = over.path(group).path(TASK);
            if (word.isString() && !word.equals(values.path(group).path(TASK))) {
                ObjectNode known = tree.defaults.deepCopy();
                ObjectNode chosen = tree.values.deepCopy();
                ObjectNode keys = choice(kind, group, word.asString(), source);
                known.set(group, keys);
                chosen.set(group, keys.deepCopy());
                tree = new RecipeTree(kind, known, chosen, origins, about);
            }
        }
        return tree;
    }

    /**
     * This tree with the keys of a recipe's text laid over it.
     *
     * @param source the name of the text for messages
     */
    public RecipeTree over(String yaml, String source) {
        ObjectNode over = RecipeYaml.readGroup(yaml, source);
        Map<String, String> described = new LinkedHashMap<>();
        JsonNode block = over.remove(ABOUT);
        if (block instanceof ObjectNode group) {
            for (Map.Entry<String, JsonNode> entry : group.properties()) {
                if (!ABOUT_KEYS.contains(entry.getKey())) {
                    throw new UsageException(source + ": unknown key " + ABOUT + "." + entry.getKey()
                            + "; a recipe is described by " + String.join(", ", ABOUT_KEYS));
                }
                if (entry.getValue().isContainer()) {
                    throw new UsageException(source + ": " + ABOUT + "." + entry.getKey() + " must be a text, not "
                            + RecipeYaml.show(entry.getValue()));
                }
                described.put(entry.getKey(), entry.getValue().asString());
            }
        } else if (block != null && !block.isNull()) {
            throw new UsageException(source + ": " + ABOUT + " must be a group of keys ("
                    + String.join(", ", ABOUT_KEYS) + "), not " + RecipeYaml.show(block));
        }
        new RenamedKeys(kind).move(over);
        RecipeTree base = choosing(over, source);
        ObjectNode merged = base.values.deepCopy();
        Map<String, String> sources = new LinkedHashMap<>(origins);
        new RecipeMerge(base.defaults).apply(over, merged, source, sources);
        return new RecipeTree(kind, base.defaults, merged, sources, Collections.unmodifiableMap(described));
    }

    /**
     * This tree with single values replaced.
     *
     * @param overrides {@code key.path=value}, applied in order; a value is read as YAML
     * @throws UsageException if one has no {@code =}, or its key or value does not fit the defaults
     */
    public RecipeTree with(List<String> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        RecipeTree tree = this;
        for (String override : overrides) {
            tree = tree.choosing(nested(override), SET); // whatever its place among them, a task goes before its keys
        }
        RenamedKeys renamed = new RenamedKeys(kind);
        ObjectNode merged = tree.values.deepCopy();
        Map<String, String> sources = new LinkedHashMap<>(origins);
        RecipeMerge merge = new RecipeMerge(tree.defaults);
        for (String override : overrides) {
            ObjectNode over = tree.nested(override, merged);
            renamed.move(over);
            merge.apply(over, merged, SET, sources);
        }
        return new RecipeTree(kind, tree.defaults, merged, sources, about);
    }

    /**
     * This tree with values of another one, of this kind or another.
     *
     * @param paths of keys, or of groups with all their keys, that both have
     */
    public RecipeTree taking(RecipeTree other, String... paths) {
        ObjectNode over = values.objectNode();
        for (String path : paths) {
            String[] words = path.split("\\.");
            ObjectNode group = over;
            for (int i = 0; i < words.length - 1; i++) {
                group = group.withObjectProperty(words[i]);
            }
            group.set(words[words.length - 1], at(other.values, words, words.length));
        }
        ObjectNode merged = values.deepCopy();
        Map<String, String> sources = new LinkedHashMap<>(origins);
        new RecipeMerge(defaults).apply(over, merged, "the recipe for " + other.kind, sources);
        return new RecipeTree(kind, defaults, merged, sources, about);
    }

    private ObjectNode nested(String override) {
        return nested(override, values);
    }

    /** A tree with one key alone, or in an open group with one name more than {@code present} has there. */
    private ObjectNode nested(String override, ObjectNode present) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new UsageException("--set needs key=value, for example --set steps=200, not " + override);
        }
        JsonNode over = RecipeYaml.readValue(override.substring(equals + 1), SET + " " + override);
        String[] path = override.substring(0, equals).strip().split("\\.", -1);
        for (int i = path.length - 1; i >= 0; i--) {
            ObjectNode group = i > 0 && RecipeMerge.isOpen(at(defaults, path, i))
                    ? ((ObjectNode) at(present, path, i)).deepCopy()
                    : values.objectNode();
            group.set(path[i], over);
            over = group;
        }
        return (ObjectNode) over;
    }

    /** The node that the first words of a path lead to. */
    private static JsonNode at(JsonNode tree, String[] path, int words) {
        JsonNode node = tree;
        for (int i = 0; i < words; i++) {
            node = node.path(path[i]);
        }
        return node;
    }

    /**
     * The tree as a record, nested records for its groups.
     *
     * <p>Component names are the keys; lists bind to {@code List} or arrays, [x, y, z] to {@code Shape3} and
     * {@code Spacing} (which also takes one number), words to enum constants without regard to case.
     *
     * @throws UsageException if a compact constructor refuses a value, with the key path and where the value came from
     * @throws IllegalStateException if the record's components are not the keys of the defaults
     */
    public <T> T bind(Class<T> type) {
        return RecipeBinder.bind(values, type, this::originOf);
    }

    /** Where the values at or below a key path came from, the defaults left out. */
    private String originOf(String path) {
        List<String> sources = origins.entrySet().stream()
                .filter(entry -> path.isEmpty()
                        || entry.getKey().equals(path)
                        || entry.getKey().startsWith(path + "."))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
        return sources.isEmpty() ? "defaults" : String.join(", ", sources);
    }

    /** The kind of run. */
    public String kind() {
        return kind;
    }

    /** What the recipe says about itself: name, task, command, hardware, time, memory, score, source; empty if nothing. */
    public Map<String, String> about() {
        return about;
    }

    /** The whole tree as YAML, headed by the recipe's name and task; {@link #load} reads it back to an equal tree. */
    public String toYaml() {
        return toYaml(key -> true);
    }

    /** The same with those keys alone that are wanted; read back, the others are as in the defaults. */
    public String toYaml(Predicate<String> wanted) {
        ObjectNode whole = values.objectNode();
        for (String key : List.of("name", TASK)) {
            String text = about.get(key);
            if (text != null) {
                whole.withObjectProperty(ABOUT).put(key, text);
            }
        }
        whole.setAll(part(values, "", wanted));
        return RecipeYaml.write(whole);
    }

    /**
     * The tree as a recipe file to edit: a comment, what it says about itself, and the keys whose value is not the default.
     *
     * @param about key of the {@code recipe:} block → text
     */
    public String toFile(String comment, Map<String, String> about) {
        Set<String> set = new HashSet<>();
        new RecipeTree(kind, defaults, RecipeMerge.values(defaults), Map.of(), Map.of())
                .changesTo(this)
                .forEach(change -> set.add(change.path()));
        ObjectNode whole = values.objectNode();
        ObjectNode block = whole.putObject(ABOUT);
        about.forEach(block::put);
        whole.setAll(part(values, "", set::contains));
        return "# " + comment + "\n" + RecipeYaml.write(whole);
    }

    private static ObjectNode part(ObjectNode group, String prefix, Predicate<String> wanted) {
        ObjectNode part = group.objectNode();
        for (Map.Entry<String, JsonNode> entry : group.properties()) {
            String path = prefix + entry.getKey();
            if (entry.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
                ObjectNode within = part(inner, path + ".", wanted);
                if (!within.isEmpty()) {
                    part.set(entry.getKey(), within);
                }
            } else if (wanted.test(path)) {
                part.set(entry.getKey(), entry.getValue());
            }
        }
        return part;
    }

    /** The keys whose value in another tree of the same kind differs, in the order of the defaults. */
    public List<Change> changesTo(RecipeTree later) {
        List<Change> changes = new ArrayList<>();
        compare(defaults, values, later.values, "", changes);
        return changes;
    }

    private static void compare(
            JsonNode known, ObjectNode before, ObjectNode after, String prefix, List<Change> changes) {
        for (Map.Entry<String, JsonNode> entry : before.properties()) {
            JsonNode was = entry.getValue();
            JsonNode is = after.get(entry.getKey());
            if (is == null) {
                continue; // a key of another task, and that is a change already
            }
            JsonNode pattern = known.path(entry.getKey());
            if (!RecipeMerge.isOpen(pattern)
                    && !RecipeMerge.isNamed(pattern)
                    && was instanceof ObjectNode group
                    && is instanceof ObjectNode other) {
                compare(pattern, group, other, prefix + entry.getKey() + ".", changes);
            } else if (!RecipeYaml.show(was).equals(RecipeYaml.show(is))) { // as text: the order of names counts
                changes.add(new Change(prefix + entry.getKey(), RecipeYaml.show(was), RecipeYaml.show(is)));
            }
        }
    }
}
