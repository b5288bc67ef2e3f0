export interface CephSettings {
	/** The cluster's name for itself, a UUID. */
	fsid: string;
	/** The data folder, as Ceph sees it. */
	folder: string;
	monitorPort: number;
	gatewayPort: number;
	/** Below it, `BUCKET.domain` addresses a bucket. */
	domain: string;
	/** 16 characters that session tokens are encrypted with. */
	sessionKey: string;
}

/** The block file is sparse: it takes as much of the disk as the tests' objects do. */
const BLOCK_FILE = 12 * 2 ** 30;

/** AWS's shortest session is 900 s: here a test can see one end. */
const SHORTEST_SESSION = 1;

/** ceph.conf for one monitor, one disk and one gateway on this machine, for this machine only. */
export function cephConf({ fsid, folder, monitorPort, gatewayPort, domain, sessionKey }: CephSettings): string {
	return `[global]
fsid = ${fsid}
mon_host = [v2:127.0.0.1:${monitorPort}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false
# Without log-ins there is nothing to encrypt with, which the gateway would otherwise insist on.
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc

mon_data = ${folder}/mon
mon_data_avail_crit = 1
mon_cluster_log_to_file = false
mon_allow_pool_size_one = true
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0

osd_data = ${folder}/osd
osd_objectstore = bluestore
osd_memory_target = 939524096
bluestore_block_size = ${BLOCK_FILE}

rgw_data = ${folder}/gateway
rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw_dns_name = ${domain}
rgw_s3_auth_use_sts = true
rgw_sts_key = ${sessionKey}
rgw_sts_min_session_duration = ${SHORTEST_SESSION}

run_dir = ${folder}
crash_dir = ${folder}
admin_socket =
log_to_stderr = true
log_file =
debug_rocksdb = 0
debug_bluestore = 0
debug_rgw = 0
`;
}
