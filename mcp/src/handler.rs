//! What the protocol's library asks of a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use hyper::http::request::Parts;
#[expect(deprecated, reason = "clients ask for it while they know it")]
use rmcp::model::SetLevelRequestParams;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CustomRequest, CustomResult, ErrorCode, ErrorData,
    Extensions, GetPromptRequestParams, GetPromptResponse, Implementation, JsonObject,
    ListToolsResult, PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams,
    ReadResourceResponse, ServerCapabilities, ServerConfig, SetLevelRequestMethod,
    SubscriptionFilter, Tool,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{RoleServer, ServerHandler};
use serde_json::json;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::allow::Changes;
use crate::logs::Least;
use crate::server::Server;
use crate::stdio::{NO_JSON, TOO_LONG};
use crate::{TARGET, call};

/// How often it is looked whether a client that hears of changes is still there.
const GONE: Duration = Duration::from_secs(30);

/// One connection, or one request of a client that has none.
#[derive(Debug, Clone)]
pub(crate) struct Handler {
    pub(crate) server: Server,
    /// Whether the client has gone.
    gone: CancellationToken,
    /// Which connection of lines of JSON it is; 0 for HTTP, whose sessions have names.
    pub(crate) connection: u64,
    /// Changes of the server's own tools, since the client came.
    heard: Changes,
    /// Whether somebody tells the client of them.
    is_told: Arc<AtomicBool>,
    /// The rank of the least level that the client wants to hear of.
    least: Arc<AtomicU8>,
}

impl Handler {
    pub(crate) fn new(server: &Server, gone: CancellationToken, connection: u64) -> Self {
        Self {
            server: server.clone(),
            gone,
            connection,
            heard: server.changes(),
            is_told: Arc::default(),
            least: Arc::default(),
        }
    }

    /// Changes of what whoever sends this may call: since they came, or since their request did where that is known.
    fn changes(&self, extensions: &Extensions) -> Changes {
        let grant = self.server.grant(extensions);
        let parts = extensions.get::<Parts>();
        let known = parts.and_then(|parts| parts.extensions.get::<Changes>());
        let known = known.unwrap_or(&self.heard);
        if known.are_of(&grant.allow) {
            known.clone()
        } else {
            grant.allow.changes()
        }
    }

    /// The params of a method that is served at that revision, in words.
    fn expected(&self, method: &str, is_stateless: bool) -> Option<&'static str> {
        Some(match method {
            "tools/call" => {
                "`name`, a text, and where the tool takes any `arguments`, an object; `_meta` and `inputResponses` are objects and \
                 `requestState` is a text, where they are sent"
            }
            "logging/setLevel" if !is_stateless && self.server.logs().is_some() => {
                "`level`, one of debug, info, notice, warning, error, critical, alert and emergency"
            }
            "prompts/get" => "`name`, a text, and `arguments`, an object of texts, or none",
            "resources/read" => "`uri`, a text",
            "subscriptions/listen" if is_stateless => {
                "`notifications`, an object that says of what"
            }
            _ => return None,
        })
    }

    /// What of a call's log its client wants: as the call says, else as the client has said before.
    pub(crate) fn least(&self, asked: &RequestContext<RoleServer>) -> Least {
        let Some(logs) = self.server.logs() else {
            return Least::default();
        };
        let Some(least) = asked.meta.log_level() else {
            return Least::of_rank(self.least.load(Ordering::Relaxed));
        };
        logs.want(least.into());
        least.into()
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        // Of prompts and resources there are none, which clients are told that ask whatever a server declares.
        let mut serves = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_prompts()
            .enable_resources()
            .build();
        serves.logging = self.server.logs().map(|_| JsonObject::new());
        let mut info = ServerConfig::new(serves);
        info.server_info = Implementation::new(self.server.name(), self.server.version());
        info.instructions = self.server.instructions().map(str::to_owned);
        info
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        asked: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let grant = self.server.grant(&asked.extensions);
        let cursor = request.and_then(|request| request.cursor);
        let page = self.server.limits().page;
        self.server
            .tools()
            .page(cursor.as_deref(), page, &grant.allow)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        asked: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        // The library moves the future of each request several times, and room for a call is in all of them.
        Box::pin(call::call(self, request, asked)).await
    }

    #[expect(deprecated, reason = "clients ask for it while they know it")]
    async fn set_level(
        &self,
        request: SetLevelRequestParams,
        _asked: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let Some(logs) = self.server.logs() else {
            return Err(ErrorData::method_not_found::<SetLevelRequestMethod>());
        };
        let least = Least::from(request.level);
        self.least.store(least.rank(), Ordering::Relaxed);
        logs.want(least);
        Ok(())
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _asked: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let text = format!("unknown prompt {:?}; there are none", request.name);
        Err(ErrorData::invalid_params(text, None))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _asked: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let text = format!("unknown resource {:?}; there are none", request.uri);
        Err(ErrorData::resource_not_found(
            text,
            Some(json!({"uri": request.uri})),
        ))
    }

    /// For the headers of a request alone; who may call it is asked later.
    fn get_tool(&self, name: &str) -> Option<Tool> {
        let tool = self.server.tools().named(name)?;
        tool.mirrored().cloned()
    }

    /// What the reader has put in the place of a message that is too long, or no JSON.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        asked: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        if request.method == TOO_LONG {
            let most = self.server.limits().message;
            let text = format!(
                "the message has more than {most} bytes, which is the most that this server reads"
            );
            return Err(ErrorData::invalid_request(text, None));
        }
        if request.method == NO_JSON {
            let text = "the line is no JSON; send each message whole, on a line of its own";
            return Err(ErrorData::parse_error(text, None));
        }
        // The library reads a request of a method that it knows as one that it does not, where its params are none of that method.
        let version = asked.protocol_version();
        let is_stateless = version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        let Some(expected) = self.expected(&request.method, is_stateless) else {
            return Err(ErrorData::new(
                ErrorCode::METHOD_NOT_FOUND,
                request.method,
                None,
            ));
        };
        let text = format!(
            "could not read the params of {}; send {expected}",
            request.method
        );
        Err(ErrorData::invalid_params(text, None))
    }

    async fn on_initialized(&self, told: NotificationContext<RoleServer>) {
        // A client may say it as often as it likes.
        if self.is_told.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut changes = self.changes(&told.extensions);
        let stop = self.gone.clone();
        self.server.tasks().spawn(async move {
            while !told.peer.is_transport_closed() {
                tokio::select! {
                    changed = changes.next() => if changed.is_none() { return },
                    () = stop.cancelled() => return,
                    () = sleep(GONE) => continue,
                }
                if told.peer.notify_tool_list_changed().await.is_err() {
                    return;
                }
            }
        });
        tracing::info!(target: TARGET, "a client is there");
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        let mut accepted = SubscriptionFilter::default();
        accepted.tools_list_changed = requested.tools_list_changed;
        Some(accepted)
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let mut changes = self.changes(&subscription.request_context().extensions);
        let stop = self.server.stopped();
        loop {
            tokio::select! {
                changed = changes.next() => if changed.is_none() { return Ok(()) },
                () = subscription.cancelled() => return Ok(()),
                () = stop.cancelled() => return Ok(()),
            }
            if let Err(error) = subscription.sink().notify_tool_list_changed().await {
                tracing::debug!(target: TARGET, %error, "a change of the tools was not told");
                return Ok(());
            }
        }
    }
}
