package org.voco4j.downstream.classify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.downstream.model.CardFacts;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.network.Backbone;
import org.voco4j.volume.Shape3;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that classifying needs beside weights: how the network is put together, how scans are prepared, what of them is
 * looked at, and what the logits stand for. It is the metadata of a model file, under keys {@code voco4j.…}.
 *
 * @param backbone the network
 * @param channels of a scan
 * @param classes in the order of the logits
 * @param exclusive whether a scan is of exactly one class; otherwise of any number
 * @param preprocessing from a scan as stored to what goes in
 * @param input voxels of a prepared scan's middle that are looked at
 */
public record ClassifierCard(
        Backbone backbone,
        int channels,
        List<String> classes,
        boolean exclusive,
        Preprocessing preprocessing,
        Shape3 input) {
    private static final String KIND = "classification";

    /** Copies the list. */
    public ClassifierCard {
        classes = List.copyOf(classes);
    }

    /** Whether the metadata of a file are of this kind. */
    public static boolean isIn(Map<String, String> about) {
        return KIND.equals(about.get(CardFacts.KEY + "kind"));
    }

    /** What of a prepared scan is looked at. */
    CentralCrop crop() {
        return new CentralCrop(input, List.of(0, 0, 0));
    }

    /** The network, without weights yet. */
    ClassificationNetwork network() {
        return backbone.classify(channels, classes.size(), input.edges());
    }

    /** As metadata of a file. */
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kind", KIND);
        facts.putAll(backbone.facts());
        facts.put("channels.in", Integer.toString(channels));
        facts.put("classes", JsonMapper.shared().writeValueAsString(classes));
        facts.put("exclusive", Boolean.toString(exclusive));
        facts.putAll(CardFacts.of(preprocessing));
        facts.put("input", input.toString());
        return CardFacts.keyed(facts);
    }

    /**
     * Reads what {@link #facts} wrote.
     *
     * @throws IllegalArgumentException with the key, what is expected and what is there
     */
    public static ClassifierCard of(Map<String, String> about) {
        CardFacts facts = CardFacts.of(about, KIND);
        return new ClassifierCard(
                Backbone.of(facts.values()),
                (int) facts.number("channels.in"),
                facts.json("classes", new TypeReference<List<String>>() {}),
                CardFacts.choice("exclusive", facts.text("exclusive"), "true", "false")
                        .equals("true"),
                facts.preprocessing(),
                facts.shape("input"));
    }
}
