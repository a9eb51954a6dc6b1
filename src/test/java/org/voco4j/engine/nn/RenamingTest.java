package org.voco4j.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenamingTest {
    private static final Map<String, List<Long>> NETWORK = shapes("swinViT.mlp.linear1.weight 2 3", "out.weight 4 2");

    /** Of "name size size …". */
    private static Map<String, List<Long>> shapes(String... lines) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (String line : lines) {
            List<String> words = List.of(line.split(" "));
            shapes.put(words.get(0), words.stream().skip(1).map(Long::valueOf).toList());
        }
        return shapes;
    }

    @ParameterizedTest
    @CsvSource({
        "swinViT.mlp.linear1.weight, '', '', ''",
        "module.swinViT.mlp.linear1.weight, module., '', module. taken off the names",
        "state_dict.module._orig_mod.model.swinViT.mlp.linear1.weight, state_dict.module._orig_mod.model., '', "
                + "state_dict.module._orig_mod.model. taken off the names",
        "module.mlp.linear1.weight, module., swinViT., 'module. taken off the names, swinViT. put before the names'",
        "mlp.fc1.weight, '', swinViT., 'swinViT. put before the names, mlp.fc1 read as mlp.linear1'",
        "_forward_module.module.swinViT.mlp.linear1.weight, _forward_module.module., '', _forward_module.module. taken off the names",
        "ema_model.module.swinViT.mlp.linear1.weight, ema_model.module., '', ema_model.module. taken off the names",
        "swinViT._orig_mod.mlp.linear1.weight, '', '', _orig_mod. taken out of the names",
        "swinViT.mlp.linear1._checkpoint_wrapped_module.weight, '', '', _checkpoint_wrapped_module. taken out of the names",
        "model.swinViT.module._orig_mod.mlp.linear1.weight, model., '', "
                + "'model. taken off the names, _orig_mod. taken out of the names, module. taken out of the names'",
        "mlp._fsdp_wrapped_module.fc1.weight, '', swinViT., '_fsdp_wrapped_module. taken out of the names, "
                + "swinViT. put before the names, mlp.fc1 read as mlp.linear1'",
        "swin_vit.mlp.fc1.weight, '', '', 'mlp.fc1 read as mlp.linear1, swin_vit read as swinViT'",
    })
    void wrappersAreTakenOffAndPartsAddedOrReplaced(String name, String removed, String added, String sentence) {
        Map<String, List<Long>> file = shapes(name + " 2 3");
        Renaming renaming = Renaming.choose(NETWORK, file, null);
        assertThat(renaming.removed()).isEqualTo(removed);
        assertThat(renaming.added()).isEqualTo(added);
        assertThat(renaming.sentence()).isEqualTo(sentence);
        assertThat(renaming.names(NETWORK.keySet(), file.keySet()))
                .isEqualTo(Map.of("swinViT.mlp.linear1.weight", name));
    }

    @Test
    void mostNamesOfEqualShapeWinAndTheStudentBeforeTheTeacher() {
        Map<String, List<Long>> file = shapes("teacher.out.weight 4 2", "student.out.weight 4 2");
        assertThat(Renaming.choose(NETWORK, file, null).removed()).isEqualTo("student.");
        assertThat(Renaming.choose(NETWORK, file, Role.TEACHER).removed()).isEqualTo("teacher.");
        file.put("student.out.weight", List.of(3L, 2L));
        assertThat(Renaming.choose(NETWORK, file, null).removed()).isEqualTo("teacher.");
        assertThat(Renaming.choose(NETWORK, file, Role.STUDENT).removed()).isEqualTo("student.");
    }

    @Test
    void namesAreTakenAsTheyAreWhereTheyFitSo() {
        Map<String, List<Long>> own = shapes("model.0.weight 2 3", "encoder.0.weight 2 3");
        assertThat(Renaming.choose(own, own, null)).isEqualTo(new Renaming("", "", List.of(), List.of()));
        Map<String, List<Long>> wrapped = shapes("model.model.0.weight 2 3", "model.encoder.0.weight 2 3");
        assertThat(Renaming.choose(own, wrapped, null)).isEqualTo(new Renaming("model.", "", List.of(), List.of()));
        Map<String, List<Long>> both = shapes("a.mlp.fc1.weight 2 3");
        assertThat(Renaming.choose(both, both, null).replaced()).isEmpty();
    }

    @Test
    void aNameThatTheNetworkHasItselfIsNotUnwrapped() {
        Map<String, List<Long>> own = shapes("a.module.weight 2 3", "a.weight 2 3");
        assertThat(Renaming.choose(own, own, null)).isEqualTo(new Renaming("", "", List.of(), List.of()));
        assertThat(Renaming.choose(own, own, null).names(own.keySet(), own.keySet()))
                .isEqualTo(Map.of("a.module.weight", "a.module.weight", "a.weight", "a.weight"));
        Map<String, List<Long>> twice = shapes("out._orig_mod.weight 4 2", "out.weight 4 2");
        assertThat(Renaming.choose(NETWORK, twice, null).names(NETWORK.keySet(), twice.keySet()))
                .isEqualTo(Map.of("out.weight", "out.weight"));
    }

    @Test
    void aRoleThatTheFileLacksIsRefused() {
        assertThatThrownBy(() -> Renaming.choose(NETWORK, shapes("module.out.weight 4 2"), Role.TEACHER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file has no weights of a teacher: no name has teacher in front, the first is "
                        + "module.out.weight");
    }

    @Test
    void rolesAreWholeParts() {
        assertThat(Role.of("module.student.")).isEqualTo(Role.STUDENT);
        assertThat(Role.of("teacher.backbone.")).isEqualTo(Role.TEACHER);
        assertThat(Objects.isNull(Role.of("students."))).isTrue();
        assertThat(Renaming.lead("module.student.encoder.encoder1.weight")).isEqualTo("module.student.encoder.");
        assertThat(Renaming.lead("encoder1.weight")).isEmpty();
        assertThat(Renaming.lead("model")).isEmpty();
        assertThat(Renaming.lead("net.".repeat(1_000_000) + "weight")).isEqualTo("net.".repeat(8));
    }
}
