//! What the protocol's library asks of a server.

use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CustomRequest, CustomResult, ErrorCode, ErrorData,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListToolsResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities,
    ServerConfig, SubscriptionFilter, Tool,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{RoleServer, ServerHandler};
use serde_json::json;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::server::Server;
use crate::stdio::TOO_LONG;
use crate::{TARGET, call};

/// How often it is looked whether a client that hears of changes is still there.
const GONE: Duration = Duration::from_secs(30);

/// One connection, or one request of a client that has none.
#[derive(Debug, Clone)]
pub(crate) struct Handler(
    pub(crate) Server,
    /// Whether the client has gone.
    pub(crate) CancellationToken,
    /// Which connection of lines of JSON it is; 0 for HTTP, whose sessions have names.
    pub(crate) u64,
);

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        // Of prompts and resources there are none, which clients are told that ask whatever a server declares.
        let tools = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_prompts()
            .enable_resources()
            .build();
        let mut info = ServerConfig::new(tools);
        info.server_info = Implementation::new(self.0.name(), self.0.version());
        info.instructions = self.0.instructions().map(str::to_owned);
        info
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        asked: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let grant = self.0.grant(&asked.extensions);
        let cursor = request.and_then(|request| request.cursor);
        let page = self.0.limits().page;
        self.0.tools().page(cursor.as_deref(), page, &grant.allow)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        asked: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        // The library moves the future of each request several times, and room for a call is in all of them.
        Box::pin(call::call(&self.0, self.2, request, asked)).await
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
        let tool = self.0.tools().named(name)?;
        Some(tool.listed().clone())
    }

    /// What the reader has put in the place of a message that is too long.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _asked: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        if request.method == TOO_LONG {
            let most = self.0.limits().message;
            let text = format!(
                "the message has more than {most} bytes, which is the most that this server reads"
            );
            return Err(ErrorData::invalid_request(text, None));
        }
        Err(ErrorData::new(
            ErrorCode::METHOD_NOT_FOUND,
            request.method,
            None,
        ))
    }

    async fn on_initialized(&self, told: NotificationContext<RoleServer>) {
        let grant = self.0.grant(&told.extensions);
        let mut changes = grant.allow.changes();
        let stop = self.1.clone();
        self.0.tasks().spawn(async move {
            while !told.peer.is_transport_closed() {
                tokio::select! {
                    changed = changes.changed() => if changed.is_err() { return },
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
        let grant = self.0.grant(&subscription.request_context().extensions);
        let mut changes = grant.allow.changes();
        let stop = self.0.stopped();
        loop {
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return Ok(()) },
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
