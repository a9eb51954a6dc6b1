package org.voco4j.program.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.TestData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChallengeLayoutTest {
    @ParameterizedTest
    @CsvSource({
        "BTCV, img0061, label0061.nii.gz",
        "FLARE23, FLARE23Ts_0001_0000, FLARE23Ts_0001.nii.gz",
        "FLARE23, FLARE23Ts_0001, FLARE23Ts_0001.nii.gz",
        "AMOS22, amos_0001, amos_0001.nii.gz",
        "AMOS22, amos_0600_0000, amos_0600.nii.gz",
    })
    void resultsAreCalledAsTheChallengeHasThem(ChallengeLayout layout, String scan, String file) {
        assertThat(layout.fileName(scan)).isEqualTo(file);
    }

    @ParameterizedTest
    @CsvSource({"BTCV, label0061", "BTCV, amos_0001", "FLARE23, img0061", "AMOS22, amos_1"})
    void scansOfOtherNamesAreRefused(ChallengeLayout layout, String scan) {
        assertThatThrownBy(() -> layout.fileName(scan))
                .hasMessageStartingWith("'" + scan + "' is no scan of " + layout + ": expected a name like ");
    }

    @ParameterizedTest
    @EnumSource
    void everyClassHasItsOwnValue(ChallengeLayout layout) {
        List<String> names = List.copyOf(layout.classes().values());
        assertThat(layout.values(names))
                .containsExactlyElementsOf(layout.classes().keySet());
    }

    @ParameterizedTest
    @CsvSource({
        "BTCV, kidney_right, 2",
        "BTCV, Portal vein and splenic vein, 10",
        "BTCV, adrenal gland left, 13",
        "BTCV, right_adrenal, 12",
        "FLARE23, IVC, 6",
        "FLARE23, Tumour, 14",
        "FLARE23, left-kidney, 13",
        "AMOS22, urinary_bladder, 14",
        "AMOS22, prostate_or_uterus, 15",
        "AMOS22, oesophagus, 5",
    })
    void classesAreFoundByTheirWords(ChallengeLayout layout, String name, int value) {
        assertThat(layout.value(name)).hasValue(value);
    }

    @ParameterizedTest
    @CsvSource({"BTCV, btcv_finetune.json", "AMOS22, amos_ct_finetune.json"})
    void valuesAreThoseOfTheDataSetsOwnLists(ChallengeLayout layout, String list) throws IOException {
        JsonNode labels = JsonMapper.shared()
                .readTree(Files.readString(TestData.path("lists/" + list)))
                .path("labels");
        assertThat(labels).hasSize(layout.classes().size() + 1);
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            if (!label.getKey().equals("0")) {
                assertThat(layout.value(label.getValue().asString()))
                        .as(label.getValue().asString())
                        .hasValue(Integer.parseInt(label.getKey()));
            }
        }
    }

    @Test
    void aClassThatTheChallengeHasNotIsRefused() {
        assertThat(ChallengeLayout.BTCV.value("bladder")).isEmpty();
        assertThatThrownBy(() -> ChallengeLayout.BTCV.values(List.of("liver", "bladder")))
                .hasMessageStartingWith("BTCV has no class 'bladder'; its classes are spleen, right kidney");
        assertThatThrownBy(() -> ChallengeLayout.AMOS22.values(List.of("IVC", "postcava")))
                .hasMessage("'IVC' and 'postcava' are one class of AMOS22: inferior vena cava");
    }
}
