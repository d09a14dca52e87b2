//! `mcp`: the actions as tools of a client of the Model Context Protocol.

use clap::ArgMatches;
use enact_action_core::Failure;
use enact_mcp::{Allow, Http, McpError, McpErrorKind, Server, Stdio};

use crate::serve::Serve;
use crate::ui::Ui;

/// How the clients come.
enum Way {
    Streams(Stdio),
    Http(String, Http),
}

/// Serves until the client goes, or Ctrl-C.
pub(crate) async fn mcp(matches: ArgMatches, serve: Serve, ui: Ui) -> Result<(), Failure> {
    let names: Vec<String> = matches
        .get_many::<String>("allow")
        .map_or_else(Vec::new, |names| names.cloned().collect());
    let allow = if names.is_empty() {
        Allow::all()
    } else {
        Allow::only(names)
    };
    let server = serve
        .tune(Server::builder(ui.program(), ui.registry()))
        .version(ui.version())
        .allow(allow);
    let http = http(&matches, &ui)?;
    // What is wrong is said before anything is connected to.
    server.clone().build().map_err(failed)?;
    let way = match http {
        Some((address, http)) => Way::Http(address, http),
        // What connects may print, and from here on the client reads the standard output.
        None => Way::Streams(Stdio::take().map_err(failed)?),
    };
    let server = server
        .context(ui.context().await?)
        .build()
        .map_err(failed)?;
    let stop = ui.token().clone();
    let serving = async {
        match way {
            Way::Streams(Stdio { input, output }) => {
                server.serve(input, output).await.map_err(failed)
            }
            Way::Http(address, http) => {
                let bound = server.bind(&address, http).await.map_err(failed)?;
                ui.note(format!(
                    "serving {} tools at http://{}/mcp",
                    server.len(),
                    bound.address()
                ));
                bound.serve().await;
                Ok(())
            }
        }
    };
    let stopped = async {
        stop.cancelled().await;
        server.stop();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        served = serving => served,
        () = stopped => Ok(()),
    }
}

/// Where to serve over HTTP, and for whom.
fn http(matches: &ArgMatches, ui: &Ui) -> Result<Option<(String, Http)>, Failure> {
    let Some(address) = matches.get_one::<String>("http") else {
        return Ok(None);
    };
    let mut http = Http::new();
    if let Some(name) = matches.get_one::<String>("token-env") {
        let token = ui.env(name).ok_or_else(|| {
            let text =
                format!("the environment has no variable {name:?}, which is to hold the token");
            Failure::misconfigured("mcp.token", text)
        })?;
        http = http.token(&token);
    }
    for host in matches.get_many::<String>("host").into_iter().flatten() {
        http = http.host(host);
    }
    Ok(Some((address.clone(), http)))
}

fn failed(error: McpError) -> Failure {
    let (code, text) = (error.code(), error.to_string());
    let failure = match error.kind() {
        McpErrorKind::Misconfigured => Failure::misconfigured(code, text),
        _ => Failure::terminal(code, text),
    };
    failure.because(error)
}
