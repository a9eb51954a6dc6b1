package org.voco4j.downstream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.network.Backbone;
import org.voco4j.volume.Shape3;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that segmenting needs beside weights: how the network is put together, how scans are prepared, what its logits
 * stand for, and how windows lie. It is the metadata of a model file, under keys {@code voco4j.…}.
 *
 * @param backbone the network
 * @param channels of a scan
 * @param labels what comes out
 * @param preprocessing from a scan as stored to what goes in
 * @param patch voxels of a window
 * @param overlap of windows, per axis
 * @param blend what overlapping windows weigh
 */
public record ModelCard(
        Backbone backbone,
        int channels,
        ModelLabels labels,
        Preprocessing preprocessing,
        Shape3 patch,
        double overlap,
        Blend blend) {
    /** What a model file of this kind says under {@code voco4j.kind}. */
    public static final String KIND = "segmentation";

    /** The network, without weights yet. */
    public SegmentationNetwork network() {
        return backbone.segment(channels, labels.logits(), patch.edges());
    }

    /** As metadata of a file. */
    public Map<String, String> facts() {
        JsonMapper json = JsonMapper.shared();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kind", KIND);
        facts.putAll(backbone.facts());
        facts.put("channels.in", Integer.toString(channels));
        facts.put("classes", json.writeValueAsString(labels.names()));
        facts.put(labels.regions() ? "regions" : "labels", json.writeValueAsString(labels.values()));
        if (labels.regions()) {
            facts.put("regionsOrder", json.writeValueAsString(labels.order()));
        }
        if (labels.colours() != null) {
            facts.put("colours", json.writeValueAsString(labels.colours()));
        }
        facts.putAll(CardFacts.of(preprocessing));
        facts.put("patch", patch.toString());
        facts.put("overlap", Double.toString(overlap));
        facts.put("blend", blend.name().toLowerCase(Locale.ROOT));
        return CardFacts.keyed(facts);
    }

    /**
     * Reads what {@link #facts} wrote.
     *
     * @throws IllegalArgumentException with the key, what is expected and what is there
     */
    public static ModelCard of(Map<String, String> about) {
        CardFacts facts = CardFacts.of(about, KIND);
        return new ModelCard(
                Backbone.of(facts.values()),
                facts.has("channels.in") ? (int) facts.number("channels.in") : 1,
                labels(facts),
                facts.preprocessing(),
                facts.shape("patch"),
                facts.number("overlap"),
                Blend.valueOf(CardFacts.choice("blend", facts.text("blend"), "constant", "gaussian")
                        .toUpperCase(Locale.ROOT)));
    }

    private static ModelLabels labels(CardFacts facts) {
        boolean regions = facts.has("regions");
        Map<String, List<Integer>> values = facts.json(
                regions ? "regions" : "labels", new TypeReference<LinkedHashMap<String, List<Integer>>>() {});
        List<String> names = facts.json("classes", new TypeReference<List<String>>() {});
        if (values.isEmpty()) { // files of earlier builds whose classes the data named
            for (int i = 0; i < names.size(); i++) {
                values.put(names.get(i), List.of(i + 1));
            }
        }
        values.keySet().retainAll(names); // voxels to ignore are no class
        List<Integer> order = regions ? facts.json("regionsOrder", new TypeReference<List<Integer>>() {}) : List.of();
        if (regions && order.isEmpty()) {
            throw CardFacts.wrong("regionsOrder", "[]", "the value that each region paints");
        }
        List<String> colours =
                facts.has("colours") ? facts.json("colours", new TypeReference<List<String>>() {}) : null;
        return new ModelLabels(values, order, colours);
    }
}
