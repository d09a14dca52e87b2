//! `completions`.

use enact_cli::Exit;

use crate::{app, run};

#[test]
fn every_shell_completes_actions_flags_and_values() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (exit, out, err) = run(app(), &["completions", shell], |io| io);
        assert_eq!((exit, err.as_str()), (Exit::Ok, ""), "{shell}");
        for word in ["describe", "send_mail", "api-key", "completions"] {
            assert!(out.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn bash_completes_names_and_values() {
    let (_, out, _) = run(app(), &["completions", "bash"], |io| io);
    let names = "--help add book close_account echo fail hard named open send_mail\"";
    // Those of `describe`, `run` and `tools`.
    assert_eq!(out.matches(names).count(), 3);
    assert!(out.contains("compgen -W \"slow fast\""));
}
