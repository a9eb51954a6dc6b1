package org.voco4j.downstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.network.Backbone;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Percentiles;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.ZScore;

/** What a model file says is what was meant, or is refused in words. */
class ModelCardTest {
    private static final Map<String, String> UNET =
            Map.of("encoder", "unet", "channels", "[4, 8]", "form", "light", "norm", "group");

    private static Map<String, List<Integer>> labels() {
        Map<String, List<Integer>> labels = new LinkedHashMap<>();
        labels.put("liver", List.of(6));
        labels.put("kidneys", List.of(2, 3));
        return labels;
    }

    private static List<ModelCard> cards() {
        Backbone unet = Backbone.of(UNET);
        ModelLabels classes = new ModelLabels(labels(), List.of(), List.of("#ff0000", "#00ff00"));
        ModelLabels regions = new ModelLabels(labels(), List.of(1, 2), null);
        Shape3 patch = new Shape3(32, 24, 16);
        return List.of(
                new ModelCard(
                        unet,
                        1,
                        classes,
                        new Preprocessing(
                                new Spacing(1.5, 1.5, 3), new HuWindow(-175, 250), 0.25, new Shape3(64, 48, 16)),
                        patch,
                        0.5,
                        Blend.GAUSSIAN),
                new ModelCard(
                        Backbone.of(Map.of(
                                "encoder", "swin-unetr", "featureSize", "12", "swin", "v1", "merging", "mergingv2")),
                        4,
                        regions,
                        new Preprocessing(null, new ZScore(true, true), 0, null),
                        patch,
                        0.25,
                        Blend.CONSTANT),
                new ModelCard(
                        unet,
                        2,
                        classes,
                        new Preprocessing(null, new Percentiles(0.5, 99.5, 0, 1, true, true), 0, null),
                        patch,
                        0,
                        Blend.CONSTANT));
    }

    @ParameterizedTest
    @MethodSource("cards")
    void whatAFileSaysIsReadBack(ModelCard card) {
        assertThat(ModelCard.of(card.facts())).isEqualTo(card);
        assertThat(card.facts().keySet()).allMatch(key -> key.startsWith("voco4j."));
    }

    @Test
    void whatAFileSaysHasOneOrderSoThatAFileIsTheSameToTheLastByte() {
        assertThat(String.join(" ", cards().get(0).facts().keySet()).replace("voco4j.", ""))
                .isEqualTo("kind channels form norm encoder channels.in classes labels colours spacing intensity window"
                        + " foreground size patch overlap blend");
    }

    @Test
    void logitsWriteTheFirstRawValueOfTheirClass() {
        ModelLabels classes = new ModelLabels(labels(), List.of(), null);
        assertThat(classes.logits()).isEqualTo(3);
        assertThat(classes.painted()).containsExactly(0, 6, 2);
        assertThat(classes.document()).isEqualTo(Map.of("labels", Map.of("6", "liver", "2", "kidneys")));
        ModelLabels large = new ModelLabels(Map.of("a", List.of(500)), List.of(), List.of("#ff0000"));
        assertThat(large.painted()).containsExactly(0, 1); // a label map holds no 500
        assertThat(large.document()).isEqualTo(Map.of("labels", Map.of("1", "a"), "colours", Map.of("a", "#ff0000")));
    }

    @Test
    void regionsPaintTheirOrder() {
        ModelLabels regions = new ModelLabels(labels(), List.of(1, 4), null);
        assertThat(regions.logits()).isEqualTo(2);
        assertThat(regions.painted()).containsExactly(1, 4);
        assertThat(regions.document())
                .containsEntry("regions_class_order", List.of(1, 4))
                .containsEntry("labels", Map.of("background", 0, "liver", List.of(6), "kidneys", List.of(2, 3)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind |  | its metadata do not say what it is for (no voco4j.kind)",
                "kind | pretrained-encoder | it is of the kind 'pretrained-encoder', expected 'segmentation'",
                "encoder | nonet | its encoder is 'nonet', expected one of [unet, swin-unetr",
                "channels |  | it does not say its channels, which unet has",
                "channels | [4; 8] | its channels is '[4; 8]', expected whole numbers",
                "patch |  | its metadata lack voco4j.patch",
                "patch | 32x24 | its metadata say voco4j.patch '32x24', expected 3 numbers",
                "spacing | wide | its metadata say voco4j.spacing 'wide', expected 3 numbers",
                "window | [1, 0] | a window needs low < high",
                "intensity | log | expected one of window, percentiles, zscore",
                "overlap | x | its metadata say voco4j.overlap 'x', expected a number",
                "blend | soft | its metadata say voco4j.blend 'soft', expected one of constant, gaussian",
                "labels | [] | its metadata say voco4j.labels '[]', expected JSON with names and whole numbers",
                "regions | {\"a\": [1]} | its metadata lack voco4j.regionsOrder",
                "classes | [] | expected 1 to 255 classes with a label value each",
                "colours | [\"#ffffff\"] | expected a colour for each of [liver, kidneys], found 1",
            })
    void whatIsMissingOrWrongIsSaid(String key, String value, String sentence) {
        Map<String, String> facts = new HashMap<>(cards().get(0).facts());
        if (value == null) {
            facts.remove("voco4j." + key);
        } else {
            facts.put("voco4j." + key, value);
        }
        assertThatThrownBy(() -> ModelCard.of(facts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void filesOfEarlierBuildsNumberTheirClasses() {
        Map<String, String> facts = new HashMap<>(cards().get(0).facts());
        facts.put("voco4j.labels", "{}");
        facts.remove("voco4j.channels.in");
        facts.remove("voco4j.intensity");
        ModelCard card = ModelCard.of(facts);
        assertThat(card.labels().painted()).containsExactly(0, 1, 2);
        assertThat(card.channels()).isEqualTo(1);
        assertThat(card.preprocessing().intensity()).isEqualTo(new HuWindow(-175, 250));
    }
}
