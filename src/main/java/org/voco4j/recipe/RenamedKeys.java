package org.voco4j.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keys that earlier builds had elsewhere, so that what they wrote still loads. */
final class RenamedKeys {
    private final Map<String, String> places = new LinkedHashMap<>(); // old path → new path, of a key or a group

    /** Those of a kind of run, of {@code renamed.yaml}. */
    RenamedKeys(String kind) {
        String text = ShippedRecipes.text(kind, ShippedRecipes.RENAMED);
        if (text != null) {
            RecipeYaml.readGroup(text, ShippedRecipes.RENAMED)
                    .properties()
                    .forEach(
                            place -> places.put(place.getKey(), place.getValue().asString()));
        }
    }

    /** Moves what lies at an old path to the new one, unless something lies there. */
    void move(ObjectNode tree) {
        places.forEach((old, now) -> {
            String[] from = old.split("\\.");
            ObjectNode group = group(tree, from, false);
            JsonNode value = group == null ? null : group.get(from[from.length - 1]);
            if (group == null || value == null) {
                return;
            }
            String[] to = now.split("\\.");
            ObjectNode place = group(tree, to, true);
            if (place != null && !place.has(to[to.length - 1])) {
                group.remove(from[from.length - 1]);
                place.set(to[to.length - 1], value);
            }
        });
    }

    /** The group that the last word of a path lies in; null if there is none. */
    private static @Nullable ObjectNode group(ObjectNode tree, String[] path, boolean make) {
        ObjectNode group = tree;
        for (int i = 0; i < path.length - 1; i++) {
            JsonNode inner = group.get(path[i]);
            if (inner == null && make) {
                inner = group.putObject(path[i]);
            }
            if (!(inner instanceof ObjectNode next)) {
                return null;
            }
            group = next;
        }
        return group;
    }
}
