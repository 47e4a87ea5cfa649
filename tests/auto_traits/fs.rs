//! `fs`: files, directories, and the operations on them, all of which can be spawned.

use mini::fs::*;

use crate::rows::{futures, types};

types! {
    DirBuilder => yes yes yes;
    DirEntry => yes yes yes;
    File => yes yes yes;
    FileTimes => yes yes yes;
    OpenOptions => yes yes yes;
    ReadDir => yes yes yes;
}

futures! {
    () read("a") => yes yes no;
    () write("a", "b") => yes yes no;
    () read_to_string("a") => yes yes no;
    () copy("a", "b") => yes yes no;
    () rename("a", "b") => yes yes no;
    () metadata("a") => yes yes no;
    () read_dir("a") => yes yes no;
    () create_dir_all("a") => yes yes no;
    () remove_dir_all("a") => yes yes no;
    () File::open("a") => yes yes no;
    () File::create("a") => yes yes no;
    (options: &OpenOptions) options.open("a") => yes yes no;
    (builder: &DirBuilder) builder.create("a") => yes yes no;
    (entries: &mut ReadDir) entries.next_entry() => yes yes no;
    (entry: &DirEntry) entry.metadata() => yes yes no;
    (entry: &DirEntry) entry.file_type() => yes yes no;
    (file: &File) file.sync_all() => yes yes no;
    (file: &File) file.sync_data() => yes yes no;
    (file: &File) file.set_len(0) => yes yes no;
    (file: &File) file.metadata() => yes yes no;
    (file: &File) file.try_clone() => yes yes no;
    (file: File) file.into_std() => yes yes no;
    (file: &File) file.set_times(FileTimes::new()) => yes yes no;
}
