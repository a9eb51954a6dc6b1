package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.volume.format.Nifti;

class ClassifiedSetTest {
    @TempDir
    private Path folder = Path.of("");

    private Path table(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private void scans(String... names) throws IOException {
        for (int i = 0; i < names.length; i++) {
            Scans.write(Scans.ct(i), folder.resolve(names[i]), Nifti.Stored.INT16);
        }
    }

    private static ClassifiedSet open(Path table) throws IOException {
        return ClassifiedSet.open(List.of(table), null, List.of(), 3);
    }

    @Test
    void aColumnOfClassesGivesEachScanOne() throws IOException {
        scans("a.nii.gz", "b.nii.gz", "c.nii.gz", "d.nii.gz");
        ClassifiedSet set = open(table(
                "t.csv",
                "image,class,patient,split,stratum",
                "a.nii.gz,ill,p1,train,",
                "b.nii.gz,healthy,p2,val,north",
                "c.nii.gz,ill,p1,train,",
                "d.nii.gz,dead,p4,test,",
                "gone.nii.gz,ill,p5,train,"));
        assertThat(set.exclusive()).isTrue();
        assertThat(set.classes()).containsExactly("dead", "healthy", "ill");
        assertThat(set.truth())
                .containsOnlyKeys("a", "b", "c")
                .containsEntry("a", Set.of("ill"))
                .containsEntry("b", Set.of("healthy"));
        assertThat(set.cases()).extracting(Case::patient).containsExactly("p1", "p2", "p1");
        assertThat(set.declaredHeldOut()).containsExactly("b");
        assertThat(set.strata()).containsEntry("a", "ill").containsEntry("b", "north");
        assertThat(set.findings())
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("1 test images are left alone"))
                .anyMatch(message -> message.startsWith("1 of 4 listed scans do not exist"));
    }

    @Test
    void numbersOrderClassesAndFoldsAreThoseOfTheTable() throws IOException {
        scans("a.nii.gz", "b.nii.gz", "c.nii.gz");
        ClassifiedSet set = open(table("t.csv", "image,class,split", "a.nii.gz,10,1", "b.nii.gz,9,0", "c.nii.gz,10,0"));
        assertThat(set.classes()).containsExactly("9", "10");
        assertThat(set.folds()).containsExactly(Set.of("b", "c"), Set.of("a"));
    }

    @Test
    void columnsOfZeroAndOneGiveAnyNumberOfLabels() throws IOException {
        scans("a.nii.gz", "b.nii.gz", "c.nii.gz");
        Path table = table(
                "t.csv", "image,patient,age,nodule,mass", "a.nii.gz,1,50,1,1", "b.nii.gz,0,61,0,0", "c.nii.gz,1,7,1,0");
        ClassifiedSet set = open(table);
        assertThat(set.exclusive()).isFalse();
        assertThat(set.classes()).containsExactly("nodule", "mass");
        assertThat(set.truth())
                .containsEntry("a", Set.of("nodule", "mass"))
                .containsEntry("b", Set.of())
                .containsEntry("c", Set.of("nodule"));
        assertThat(set.strata()) // the rarest
                .containsEntry("a", "mass")
                .containsEntry("b", "")
                .containsEntry("c", "nodule");
        assertThat(ClassifiedSet.open(List.of(table), null, List.of("mass"), 3).truth())
                .containsEntry("a", Set.of("mass"))
                .containsEntry("c", Set.of());
    }

    @Test
    void theTablesOfCcCciiAreReadAsTheyAre() throws IOException {
        scans("p1-s10.nii.gz", "p1-s11.nii.gz", "p2-s12.nii.gz", "p3-s13.nii.gz");
        String header = "zip_file,target,label,patient_id,scan_id,n_slice,scan_count,all_scan_ids";
        Path training = table(
                "CC_CCII_fold0_train.csv",
                header,
                "NCP-6.zip,2,NCP,1,10,58,2,\"[10, 11]\"",
                "NCP-6.zip,2,NCP,1,11,57,2,\"[10, 11]\"",
                "Normal-1.zip,0,Normal,2,12,94,1,[12]");
        Path validation = table("CC_CCII_fold0_valid.csv", header, "CP-20.zip,1,CP,3,13,52,1,[13]");
        ClassifiedSet set = ClassifiedSet.open(List.of(training, validation), null, List.of(), 3);
        assertThat(set.classes()).containsExactly("Normal", "CP", "NCP");
        assertThat(set.truth()).containsEntry("p1-s11", Set.of("NCP")).containsEntry("p3-s13", Set.of("CP"));
        assertThat(set.declaredHeldOut()).containsExactly("p3-s13");
        assertThat(set.cases()).extracting(Case::patient).contains("CC-CCII 1");
        assertThat(set.findings()).isEmpty();
    }

    @Test
    void theTableOfChestXray14IsReadAsItIs() throws IOException {
        scans("images_001/images/1_000.nii", "images_002/images/2_000.nii", "images/3_000.nii", "4_000.nii", "5_0.nii");
        Path table = table(
                "Data_Entry_2017.csv",
                "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
                        + "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],",
                "1_000.nii,Cardiomegaly|Emphysema,0,1,57,M,PA,2682,2749,0.143,0.143,",
                "2_000.nii,No Finding,0,2,80,M,PA,2500,2048,0.171,0.171,",
                "3_000.nii,Hernia,0,3,74,F,PA,2500,2048,0.168,0.168,",
                "4_000.nii,Hernia,0,4,74,F,PA,2500,2048,0.168,0.168,",
                "5_0.nii,Mass,0,5,74,F,PA,2500,2048,0.168,0.168,");
        ClassifiedSet all = open(table);
        assertThat(all.classes()).containsExactly("Cardiomegaly", "Emphysema", "Hernia", "Mass");
        assertThat(all.exclusive()).isFalse();
        assertThat(all.cases()).extracting(Case::patient).contains("ChestX-ray14 1", "ChestX-ray14 4");
        assertThat(all.truth())
                .hasSize(5)
                .containsEntry("images_001/images/1_000", Set.of("Cardiomegaly", "Emphysema"))
                .containsEntry("images_002/images/2_000", Set.of());
        table("train_val_list.txt", "1_000.nii", "2_000.nii", "4_000.nii");
        table("test_list.txt", "4_000.nii");
        assertThat(open(table).truth()).containsOnlyKeys("images_001/images/1_000", "images_002/images/2_000");
        assertThat(DataSet.open(List.of(table), null).cases()).hasSize(5); // pre-training reads no labels
        assertThatThrownBy(() -> ClassifiedSet.open(List.of(table), null, List.of("Hernia", "Pneumonia"), 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no scan of it has Pneumonia");
    }

    @Test
    void theDigestChangesWithTheClassesAndNotWithOtherColumns() throws IOException {
        scans("a.nii.gz", "b.nii.gz");
        String digest =
                open(table("t.csv", "image,class", "a.nii.gz,x", "b.nii.gz,y")).digest();
        assertThat(open(table("t.csv", "image,class,note", "a.nii.gz,x,1", "b.nii.gz,y,2"))
                        .digest())
                .isEqualTo(digest);
        assertThat(open(table("t.csv", "image,class", "a.nii.gz,y", "b.nii.gz,x"))
                        .digest())
                .isNotEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "image,class/a.nii.gz,; ; expected a class in line 2, column class, found ''",
                "image,size/a.nii.gz,12; ; expected the column class, or one of 0 and 1 for each label",
                "image,mass/a.nii.gz,2; mass; expected 0 or 1 in line 2, column mass, found '2'",
                "image,mass/a.nii.gz,1; mass,nodule; one of 0 and 1 for each of mass, nodule, found image, mass",
                "image,class/a.nii.gz,x; y,z; expected the classes y, z that the recipe names, found x",
                "image,class/a.nii.gz,x/a.nii.gz,y; ; expected a.nii.gz to be x as it is where it was named first, found y",
                "image,class/gone.nii.gz,x; ; can be used: ",
                "picture,class/a.nii.gz,x; ; expected a first line with the column image",
            })
    void whatATableDoesNotSayIsSaidInWords(String lines, String wanted, String words) throws IOException {
        scans("a.nii.gz");
        Path table = table("t.csv", lines.split("/"));
        List<String> names = wanted == null ? List.of() : List.of(wanted.split(","));
        assertThatThrownBy(() -> ClassifiedSet.open(List.of(table), null, names, 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("t.csv")
                .hasMessageContaining(words);
    }

    @Test
    void tablesOfTwoKindsDoNotGoTogether() throws IOException {
        scans("a.nii.gz", "b.nii.gz");
        Path one = table("one.csv", "image,class", "a.nii.gz,x");
        Path any = table("any.csv", "image,mass", "b.nii.gz,1");
        assertThatThrownBy(() -> ClassifiedSet.open(List.of(one, any), null, List.of(), 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("found one where scans have any number of labels");
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected a .csv with the columns image and class");
    }
}
